package dev.barista.gateway.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

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
  private static final Answer REFUSAL =
      Answer.text(401, "invalid credentials")
          .with("WWW-Authenticate", "Basic realm=\"Restricted\"")
          .with("X-Content-Type-Options", "nosniff");

  private final byte[] expected;

  public BasicAuth(String user, String password) {
    this.expected = (user + ":" + password).getBytes(UTF_8);
  }

  @Override
  public Optional<Answer> refusal(RequestHead head, Access access) {
    return switch (access) {
      case PUBLIC -> Optional.empty();
      case ADMIN -> valid(head) ? Optional.empty() : Optional.of(REFUSAL);
    };
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
