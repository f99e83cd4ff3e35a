package dev.barista.gateway.invoke;

import dev.barista.gateway.metrics.ColdStarts;
import java.util.concurrent.Executor;

/**
 * What the pools of all functions share.
 *
 * @param maxHeldCalls calls of one function that wait at the same time
 * @param idleRunner runs what a provider wants done when a replica has drained
 */
record PoolContext(int maxHeldCalls, ScaleUp scaleUp, Executor idleRunner, ColdStarts coldStarts) {}
