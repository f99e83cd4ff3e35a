package dev.barista.gateway.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.http.Access;
import dev.barista.http.Answer;
import dev.barista.http.Gatekeeper;
import dev.barista.http.RequestHead;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * HTTP Basic for {@link Access#ADMIN} routes. The comparison takes as long for a wrong password as
 * for the right one, whatever they have in common.
 */
public final class BasicAuth implements Gatekeeper {

  private static final String SCHEME = "Basic ";

  private final byte[] expected;
  private final ErrorAnswers errors;

  public BasicAuth(String user, String password, ErrorAnswers errors) {
    this.expected = (user + ":" + password).getBytes(UTF_8);
    this.errors = errors;
  }

  @Override
  public Optional<Answer> refusal(RequestHead head, Access access) {
    return switch (access) {
      case PUBLIC -> Optional.empty();
      case ADMIN, PASSWORD -> valid(head) ? Optional.empty() : Optional.of(refusal(head));
    };
  }

  private Answer refusal(RequestHead head) {
    return errors
        .answer(
            head,
            head.callId(),
            new FaasException(ErrorCode.UNAUTHORIZED, "gateway", "invalid credentials"))
        .with("WWW-Authenticate", "Basic realm=\"Restricted\"");
  }

  private boolean valid(RequestHead head) {
    List<String> values = head.headerValues("Authorization");
    if (values.size() != 1
        || !values
            .getFirst()
            .regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    try {
      String encoded = values.getFirst().substring(SCHEME.length()).strip();
      return MessageDigest.isEqual(expected, Base64.getDecoder().decode(encoded));
    } catch (IllegalArgumentException e) { // no base64
      return false;
    }
  }
}
