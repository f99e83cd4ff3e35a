package dev.barista.autoscaler;

/**
 * One signal at the time of a decision.
 *
 * @param name {@code concurrency}, {@code rps}, {@code capacity}, {@code cpu}, {@code queue},
 *     {@code alert}
 * @param value of the whole function
 * @param target of one replica; of an alert its threshold
 * @param unit of both, as in {@code calls in flight}
 * @param window what the value is averaged over, as in {@code 60s}
 * @param wanted replicas that this signal alone wants
 */
public record SignalReading(
    String name, double value, double target, String unit, String window, int wanted) {}
