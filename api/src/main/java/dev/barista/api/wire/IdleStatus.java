package dev.barista.api.wire;

/**
 * Element of {@code GET /system/scaling/idle}: whether a function would go to zero now.
 *
 * @param replicas desired now
 * @param idle how long no call was in flight, as {@code 4m10s}; {@code 0s} while one is
 * @param limit how long it may be; {@code 0s} when it never goes to zero
 * @param toZero whether it would be scaled to zero now
 * @param reason one sentence: what keeps it, or why it goes
 */
public record IdleStatus(
    String name,
    String namespace,
    int replicas,
    String idle,
    String limit,
    boolean toZero,
    String reason) {}
