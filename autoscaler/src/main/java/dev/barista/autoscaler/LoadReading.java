package dev.barista.autoscaler;

/**
 * What is known of a function's load at one instant. The counts only grow while the function is
 * deployed; what happened in a stretch of time is the difference of two readings.
 *
 * @param arrivals calls that came, also those that wait for a replica
 * @param answers calls that a replica answered, whatever the status
 * @param callNanos time that all calls together have spent from their arrival to their end, those
 *     in flight up to now
 * @param inFlight calls that have arrived and not ended: on a replica or waiting for one
 * @param waiting those of them that wait
 * @param ready replicas that take calls
 */
public record LoadReading(
    long arrivals, long answers, long callNanos, int inFlight, int waiting, int ready) {}
