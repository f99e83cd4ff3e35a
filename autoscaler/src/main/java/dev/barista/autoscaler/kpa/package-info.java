/**
 * Knative's pod autoscaler as pure decisions: signals and a policy in, a number of replicas out.
 */
@NullMarked
package dev.barista.autoscaler.kpa;

import org.jspecify.annotations.NullMarked;
