package dev.barista.autoscaler;

import dev.barista.api.FunctionName;
import java.time.Duration;

/**
 * Whether a function would go to zero.
 *
 * @param replicas desired now
 * @param idle how long no call was in flight; zero while one is
 * @param limit how long it may be; zero when it never goes to zero
 * @param toZero whether it would be scaled to zero now
 * @param reason one sentence: what keeps it, or why it goes
 */
public record IdleReport(
    FunctionName function,
    int replicas,
    Duration idle,
    Duration limit,
    boolean toZero,
    String reason) {}
