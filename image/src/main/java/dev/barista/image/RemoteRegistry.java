package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.image.RegistryTransport.Answer;
import dev.barista.image.RegistryTransport.Call;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another registry: knows how it wants credentials (Basic, or a Bearer token from the place that
 * its challenge names) and follows redirects of downloads, never with credentials to another host.
 * Thread-safe, blocking.
 */
public final class RemoteRegistry {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;
  private static final int LARGEST_TOKEN = 64 << 10;
  private static final int LONGEST_COMPLAINT = 4 << 10;
  private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

  private final URI base;
  private final Optional<String> login;
  private final boolean preemptive;
  private final RegistryTransport transport;

  // Mutable state: scope → value of Authorization
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  private RemoteRegistry(
      URI base, Optional<String> login, boolean preemptive, RegistryTransport transport) {
    this.base = requireNonNull(base, "base");
    this.login = requireNonNull(login, "login");
    this.preemptive = preemptive;
    this.transport = requireNonNull(transport, "transport");
  }

  /**
   * A registry that tells by its challenge what it wants.
   *
   * @param base such as {@code https://ghcr.io}
   * @param login value of an Authorization header, Basic
   */
  public static RemoteRegistry foreign(
      URI base, Optional<String> login, RegistryTransport transport) {
    return new RemoteRegistry(base, login, /* preemptive= */ false, transport);
  }

  /** A gateway: it takes the credentials as they are, at once. */
  public static RemoteRegistry gateway(
      URI base, Optional<String> authorization, RegistryTransport transport) {
    return new RemoteRegistry(base, authorization, /* preemptive= */ true, transport);
  }

  /** For sentences. */
  public String name() {
    return base.getRawAuthority();
  }

  /** A path below {@code /v2/}, or what a Location header says. */
  URI resolve(String pathOrLocation) {
    try {
      return base.resolve(pathOrLocation);
    } catch (IllegalArgumentException e) {
      throw failed("answers with an impossible address");
    }
  }

  /**
   * Sends a call with the credentials that it needs.
   *
   * @param scope as in {@code repository:NAME:pull}
   */
  Answer send(Call call, String scope) throws IOException {
    Answer answer = follow(call, authorization(scope));
    if (answer.status() != 401 || preemptive) {
      return answer;
    }
    Optional<String> challenge = answer.header("www-authenticate");
    answer.close();
    if (challenge.isEmpty()) {
      throw failed("refuses without saying how to log in");
    }
    tokens.put(scope, answerTo(challenge.get(), scope));
    return follow(call, authorization(scope));
  }

  private Optional<String> authorization(String scope) {
    return preemptive ? login : Optional.ofNullable(tokens.get(scope));
  }

  private Answer follow(Call call, Optional<String> authorization) throws IOException {
    Call next = call;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      boolean own = sameHost(next.uri(), base);
      Answer answer =
          transport.send(
              own && authorization.isPresent()
                  ? next.with("Authorization", authorization.get())
                  : next);
      Optional<String> location = answer.header("location");
      boolean redirect = call.method().equals("GET") && REDIRECTS.contains(answer.status());
      if (!redirect || location.isEmpty()) {
        return answer;
      }
      answer.close();
      next = Call.of("GET", redirected(next.uri(), location.get()));
    }
    throw failed("redirects without end");
  }

  private URI redirected(URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw failed("redirects to an impossible address");
    }
    boolean http = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
    if (!http || to.getHost() == null || to.getRawUserInfo() != null) {
      throw failed("redirects to what is no web address");
    }
    if ("https".equals(from.getScheme()) && "http".equals(to.getScheme())) {
      throw failed("redirects from an encrypted to an open address");
    }
    return to;
  }

  private static boolean sameHost(URI one, URI other) {
    return String.valueOf(one.getRawAuthority()).equalsIgnoreCase(other.getRawAuthority())
        && String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme());
  }

  private String answerTo(String challenge, String scope) throws IOException {
    String scheme = challenge.strip().split(" ", 2)[0].toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "basic" -> login.orElseThrow(() -> failed("wants a login"));
      case "bearer" -> "Bearer " + token(challenge, scope);
      default -> throw failed("wants a way of logging in that isn't known here");
    };
  }

  /** https://distribution.github.io/distribution/spec/auth/token/ */
  private String token(String challenge, String scope) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      parameters.put(matcher.group(1), matcher.group(2));
    }
    String realm = parameters.get("realm");
    if (realm == null) {
      throw failed("names no place that gives tokens");
    }
    StringBuilder address = new StringBuilder(realm);
    address.append(realm.indexOf('?') < 0 ? '?' : '&').append("scope=").append(encoded(scope));
    String service = parameters.get("service");
    if (service != null) {
      address.append("&service=").append(encoded(service));
    }
    Call call = Call.of("GET", redirected(base, address.toString()));
    if (login.isPresent()) {
      call = call.with("Authorization", login.get());
    }
    try (Answer answer = transport.send(call)) {
      if (answer.status() != 200) {
        throw failed("gave no token: status " + answer.status());
      }
      byte[] json = answer.body().readNBytes(LARGEST_TOKEN);
      return OciJson.readToken(json).orElseThrow(() -> failed("gave no token"));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** What an unexpected answer means for the user. */
  FaasException unexpected(String what, Answer answer) throws IOException {
    String text = new String(answer.body().readNBytes(LONGEST_COMPLAINT), UTF_8);
    String complaint =
        OciJson.readComplaint(text.getBytes(UTF_8)).map(found -> ": " + found).orElse("");
    String advice =
        switch (answer.status()) {
          case 401, 403 -> login.isPresent() ? " (the login was refused)" : " (log in first)";
          default -> "";
        };
    return failed(
        "refused "
            + what
            + " with status "
            + answer.status()
            + advice
            + complaint.replaceAll("\\p{Cc}", " "));
  }

  FaasException failed(String what) {
    return new FaasException(
        ErrorCode.IMAGE_INVALID, "image", "the registry " + name() + " " + what);
  }
}
