package dev.barista.provider.spi;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import java.time.Instant;
import java.util.List;

/**
 * Durable desired state for a provider whose place of execution keeps none. Thread-safe; each
 * method returns when the change would survive a power loss.
 */
public interface FunctionStore {

  /**
   * What was asked for.
   *
   * @param desiredReplicas last desired count, 0 or more
   */
  record StoredFunction(FunctionSpec spec, int desiredReplicas, Instant createdAt) {}

  List<StoredFunction> load();

  /** Inserts or replaces by name. */
  void save(StoredFunction function);

  /** Nothing happens when there is none. */
  void delete(FunctionName name);
}
