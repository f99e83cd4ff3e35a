package dev.barista.autoscaler;

import java.util.Optional;

/**
 * What a signal wants.
 *
 * @param reason one sentence without a full stop
 * @param boundedBy the setting that cut it
 */
record Wish(int replicas, String reason, Optional<String> boundedBy) {

  Wish(int replicas, String reason) {
    this(replicas, reason, Optional.empty());
  }
}
