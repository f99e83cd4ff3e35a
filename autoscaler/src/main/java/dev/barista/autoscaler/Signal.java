package dev.barista.autoscaler;

import java.util.List;
import java.util.Optional;

/** One way in which a function's replicas are decided. Used under its function's lock. */
interface Signal {

  /** As {@link ScalingReport#scaledBy} names it. */
  String name();

  /**
   * Looks once; called every second while the function is not at rest.
   *
   * @return empty when it wants no change
   */
  Optional<Wish> look(Observation seen);

  /** Whether only another call could change what it wants. */
  boolean atRest(Observation seen);

  /** As read at the last look. */
  List<SignalReading> readings();

  /** What would have to happen for one more replica than {@code desired}, one sentence. */
  Optional<String> oneMore(int desired);
}
