package dev.barista.http;

import java.util.Optional;

/**
 * Decides on a request's head, before its handler and before its body. Runs on an event loop, for
 * every routed request: must be thread-safe, cheap and must not block.
 */
@FunctionalInterface
public interface Gatekeeper {

  /** Lets everyone through: for a listener that only its owner reaches. */
  Gatekeeper OPEN = (head, access) -> Optional.empty();

  /** Returns the answer that refuses the request, or empty to let it through. */
  Optional<Answer> refusal(RequestHead head, Access access);
}
