package dev.barista.autoscaler;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;

/** Port: sets how many replicas a function is to have. Thread-safe; may block. */
@FunctionalInterface
public interface ReplicaScaler {

  /**
   * @throws FaasException if the function isn't deployed any more, or the provider refuses
   */
  void scale(FunctionName function, int replicas);
}
