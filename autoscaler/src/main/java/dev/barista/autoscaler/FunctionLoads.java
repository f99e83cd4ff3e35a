package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import java.util.Optional;

/** Port: the load of functions, measured where calls pass. Thread-safe; never blocks. */
public interface FunctionLoads {

  /**
   * @param now of {@link System#nanoTime}
   * @return empty when the function is not deployed
   */
  Optional<LoadReading> read(FunctionName function, long now);

  /**
   * From now on the first call of the function that arrives tells {@link LoadListener#called} once.
   * A call that arrived since {@code seen} was read is told as well, so that none is missed in
   * between.
   *
   * @param seen the arrivals that are known already
   */
  void tellNextCall(FunctionName function, long seen);
}
