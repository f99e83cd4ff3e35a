/**
 * When a function gets more replicas and when it gives them up. The decisions are pure functions in
 * {@code kpa}, {@code alert} and {@code load}; the loop of this package feeds them, through ports
 * that the platform fills.
 */
@NullMarked
package dev.barista.autoscaler;

import org.jspecify.annotations.NullMarked;
