package dev.barista.autoscaler;

import dev.barista.api.FunctionName;

/** What the data plane tells the autoscaler. Thread-safe; never blocks. */
@FunctionalInterface
public interface LoadListener {

  /** A call came for a function whose next call was asked for. */
  void called(FunctionName function);
}
