package dev.barista.autoscaler;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What a function's signals see at one tick.
 *
 * @param now a whole second
 * @param concurrency calls in flight, averaged over the time since the tick before
 * @param arrivals calls a second, averaged over the same time
 * @param load as read now
 * @param desired replicas that were asked for last
 * @param cpuNanos processor time of all replicas together; empty when nobody needs or knows it
 * @param pending asynchronous calls that wait
 */
record Observation(
    Instant now,
    double concurrency,
    double arrivals,
    LoadReading load,
    int desired,
    OptionalLong cpuNanos,
    long pending) {

  long second() {
    return now.getEpochSecond();
  }
}
