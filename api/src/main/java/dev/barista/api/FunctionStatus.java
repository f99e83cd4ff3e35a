package dev.barista.api;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * How a function stands at one instant.
 *
 * @param desiredReplicas what was asked for, also while it is not yet there
 * @param readyReplicas how many answer calls
 * @param replicas every replica, ready or not
 * @param enforcement what of the spec's bounds is really kept on this provider
 */
public record FunctionStatus(
    FunctionSpec spec,
    int desiredReplicas,
    int readyReplicas,
    Instant createdAt,
    List<ReplicaStatus> replicas,
    List<Enforcement> enforcement) {

  public FunctionStatus {
    requireNonNull(spec, "spec");
    requireNonNull(createdAt, "createdAt");
    replicas = List.copyOf(replicas);
    enforcement = List.copyOf(enforcement);
  }
}
