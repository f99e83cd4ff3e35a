package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One function's alert of the built-in evaluation.
 *
 * @param state {@code inactive}, {@code pending} or {@code firing}
 * @param expression the rule in the words of Prometheus
 * @param rate answers a second over {@code window}
 * @param threshold above which it fires
 * @param hold how long the rate must stay above until it fires
 * @param since when the state began; empty when it is inactive
 * @param resolvedAt when it last ceased to fire
 */
public record AlertReport(
    FunctionName function,
    String state,
    String expression,
    double rate,
    double threshold,
    Duration window,
    Duration hold,
    Optional<Instant> since,
    Optional<Instant> resolvedAt) {}
