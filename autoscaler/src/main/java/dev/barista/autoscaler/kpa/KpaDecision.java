package dev.barista.autoscaler.kpa;

/**
 * How many replicas the load wants, before the function's own bounds, and how that came about.
 *
 * @param desired replicas
 * @param excessBurst load that fits on top of today's and of the burst capacity, rounded down;
 *     below 0 calls go through the activator
 * @param wantedStable replicas that the stable average alone wants
 * @param wantedPanic replicas that the panic average alone wants
 * @param most limit of the scale-up rate
 * @param least limit of the scale-down rate
 * @param panicking whether the function only grows at this instant
 * @param held whether the scale-down delay, or the memory of the panic, keeps more than the load
 *     wants
 */
public record KpaDecision(
    int desired,
    int excessBurst,
    int wantedStable,
    int wantedPanic,
    int most,
    int least,
    boolean panicking,
    boolean held) {}
