package dev.barista.server.serve;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.http.Access;
import dev.barista.http.Answer;
import dev.barista.http.Gatekeeper;
import dev.barista.http.RequestHead;
import java.util.Optional;

/**
 * Answers 503 between listening and knowing the functions: the port has to be known before replicas
 * start, and a call that comes in between must not be told that its function doesn't exist.
 */
final class StartGate implements Gatekeeper {

  private final Gatekeeper next;
  private final ErrorAnswers errors;

  // Mutable state
  private volatile boolean open;

  StartGate(Gatekeeper next, ErrorAnswers errors) {
    this.next = next;
    this.errors = errors;
  }

  void open() {
    open = true;
  }

  @Override
  public Optional<Answer> refusal(RequestHead head, Access access) {
    return open ? next.refusal(head, access) : Optional.of(starting(head));
  }

  private Answer starting(RequestHead head) {
    return errors
        .answer(
            head,
            head.callId(),
            new FaasException(ErrorCode.DRAINING, "gateway", "the gateway is starting: try again"))
        .with("Retry-After", "1");
  }
}
