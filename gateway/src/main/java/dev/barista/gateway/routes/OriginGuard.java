package dev.barista.gateway.routes;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.http.Access;
import dev.barista.http.Answer;
import dev.barista.http.Gatekeeper;
import dev.barista.http.RequestHead;
import java.util.List;
import java.util.Optional;

/**
 * Keeps foreign web pages off {@link Access#ADMIN} routes, also when the browser would add
 * credentials or none are needed.
 *
 * <p>Three signs of a foreign page: {@code Sec-Fetch-Site} says so; {@code Origin} names another
 * authority than the request's {@code Host}; and, where no password protects (DNS rebinding: the
 * attacker's own name points to 127.0.0.1, so that page and gateway look like one origin), a {@code
 * Host} that this gateway was never told it has. A program that is no browser sends none of the
 * first two.
 */
public final class OriginGuard implements Gatekeeper {

  private final HostNames names;
  private final boolean checkHost;
  private final Gatekeeper next;
  private final ErrorAnswers errors;

  /**
   * @param names this gateway's own
   * @param checkHost whether any other Host is refused: true where there is no password
   * @param next asked when this one has nothing against it
   */
  public OriginGuard(HostNames names, boolean checkHost, Gatekeeper next, ErrorAnswers errors) {
    this.names = names;
    this.checkHost = checkHost;
    this.next = next;
    this.errors = errors;
  }

  @Override
  public Optional<Answer> refusal(RequestHead head, Access access) {
    return switch (access) {
      case PUBLIC -> next.refusal(head, access);
      case ADMIN, PASSWORD ->
          foreign(head).map(reason -> refuse(head, reason)).or(() -> next.refusal(head, access));
    };
  }

  private Optional<String> foreign(RequestHead head) {
    for (String site : head.headerValues("Sec-Fetch-Site")) {
      if (!site.equals("same-origin") && !site.equals("none")) {
        return Optional.of("the request comes from a page of another site");
      }
    }
    List<String> hosts = head.headerValues("Host");
    Optional<Authority> host =
        hosts.size() == 1 ? Authority.parse(hosts.getFirst()) : Optional.empty();
    if (checkHost && host.filter(authority -> names.contains(authority.host())).isEmpty()) {
      return Optional.of("the Host header names no host of this gateway");
    }
    for (String origin : head.headerValues("Origin")) {
      if (!own(origin, host)) {
        return Optional.of("the Origin header names a page of another site");
      }
    }
    return Optional.empty();
  }

  private boolean own(String text, Optional<Authority> host) {
    Optional<Authority> origin = Authority.ofOrigin(text);
    if (origin.isEmpty()) {
      return false; // "null", or a scheme that is no web page's
    }
    boolean sameAuthority = host.isPresent() && origin.get().sameAs(host.get());
    return sameAuthority || names.isPublic(origin.get().host());
  }

  private Answer refuse(RequestHead head, String reason) {
    return errors.answer(
        head,
        head.callId(),
        new FaasException(
            ErrorCode.FOREIGN_ORIGIN,
            "gateway",
            reason + ": administration is open to its own pages only",
            "--public-host",
            null));
  }
}
