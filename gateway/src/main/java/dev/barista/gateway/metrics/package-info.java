/** Counts of calls and requests, and their Prometheus text. */
@NullMarked
package dev.barista.gateway.metrics;

import org.jspecify.annotations.NullMarked;
