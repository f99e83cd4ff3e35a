package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import java.util.OptionalLong;

/** Port: processor time of a function's replicas. Thread-safe; may block for a file or two. */
@FunctionalInterface
public interface CpuMeter {

  /**
   * Nanoseconds that all replicas of the function, also those that have ended, have used together;
   * empty where the place of execution can't tell.
   */
  OptionalLong cpuNanos(FunctionName function);
}
