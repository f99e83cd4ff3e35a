package dev.barista.watchdog;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.barista.http.Answer;
import dev.barista.http.StreamExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Lets calls in that carry a token of the platform which allows them. Keys are fetched when the
 * watchdog starts, and again for tokens signed with a new one. Thread-safe.
 *
 * <p>A token's claim {@code function} has {@code permissions} and may have an {@code audience}: see
 * {@link TokenRights}. Its issuer and its audience must be the authority's issuer.
 */
final class TokenGate {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 5_000;
  private static final int MOST_BYTES = 256 << 10;
  private static final int LEEWAY_SECONDS = 1;
  private static final String BEARER = "bearer ";
  private static final DefaultResourceRetriever RETRIEVER =
      new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);

  private final TokenConfig config;
  private final WatchdogLog log;
  private final DefaultJWTProcessor<SecurityContext> processor;

  private TokenGate(
      TokenConfig config, WatchdogLog log, DefaultJWTProcessor<SecurityContext> processor) {
    this.config = config;
    this.log = log;
    this.processor = processor;
  }

  /**
   * Blocks until the authority has told where its keys are.
   *
   * @throws IOException with a sentence for the user, if it doesn't
   */
  static TokenGate connect(TokenConfig config, WatchdogLog log) throws IOException {
    URI discovery = URI.create(config.authority() + "/.well-known/openid-configuration");
    try {
      Map<String, Object> said =
          JSONObjectUtils.parse(RETRIEVER.retrieveResource(discovery.toURL()).getContent());
      String issuer = JSONObjectUtils.getString(said, "issuer");
      URI keys = JSONObjectUtils.getURI(said, "jwks_uri");
      if (issuer == null || keys == null) {
        throw new IOException("it names no issuer or no jwks_uri");
      }
      return new TokenGate(config, log, processor(issuer, keys.toURL()));
    } catch (IOException | ParseException | IllegalArgumentException failure) {
      throw new IOException(
          "jwt_auth: the tokens' authority can't be asked at "
              + discovery
              + ": "
              + failure.getMessage(),
          failure);
    }
  }

  private static DefaultJWTProcessor<SecurityContext> processor(String issuer, URL keys) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    var source = JWKSourceBuilder.create(keys, RETRIEVER).retrying(true).build();
    Set<JWSAlgorithm> algorithms =
        Set.of(
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512,
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512);
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, source));
    var verifier =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            issuer, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp"));
    verifier.setMaxClockSkew(LEEWAY_SECONDS);
    processor.setJWTClaimsSetVerifier(verifier);
    return processor;
  }

  /**
   * Goes on with {@code allowed}, or answers. Called on the exchange's loop; the check itself,
   * which may fetch keys, runs elsewhere.
   *
   * @param refused gets the status of the answer, or that the client has gone
   */
  void check(StreamExchange exchange, Runnable allowed, IntConsumer refused) {
    long start = System.nanoTime();
    var pending = new Pending(exchange, allowed, refused);
    exchange.onAbort(pending::aborted);
    Optional<String> header = exchange.head().header("Authorization");
    Thread.ofVirtual()
        .name("token")
        .start(
            () -> {
              Optional<Answer> refusal = refusal(header);
              long nanos = System.nanoTime() - start;
              exchange.loop().execute(() -> pending.decided(refusal, nanos));
            });
  }

  /** One call whose token is looked at. On the loop of its exchange. */
  private static final class Pending {

    private final StreamExchange exchange;
    private final Runnable allowed;
    private final IntConsumer refused;

    // Mutable state
    private boolean over;

    private Pending(StreamExchange exchange, Runnable allowed, IntConsumer refused) {
      this.exchange = exchange;
      this.allowed = allowed;
      this.refused = refused;
    }

    void aborted(int status) {
      over = true;
      refused.accept(status == 0 ? Runner.CLIENT_GONE : status);
    }

    void decided(Optional<Answer> refusal, long nanos) {
      if (over) {
        return;
      }
      over = true;
      if (refusal.isPresent()) {
        exchange.respond(refusal.get());
        refused.accept(refusal.get().status());
      } else {
        exchange.forwardHeaders().set("X-Auth-Seconds", Durations.seconds(nanos));
        allowed.run();
      }
    }
  }

  private Optional<Answer> refusal(Optional<String> header) {
    if (header.isEmpty() || !header.get().toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return Optional.of(unknown("Bearer must be present in Authorization header"));
    }
    try {
      JWTClaimsSet claims =
          processor.process(header.get().substring(BEARER.length()).strip(), null);
      if (config.explained()) {
        log.line("Token of " + claims.getSubject() + ": " + claims.getClaims());
      }
      return TokenRights.of(claims.getClaim("function")).allow(config.resource())
          ? Optional.empty()
          : Optional.of(refused(403, "insufficient permissions"));
    } catch (KeySourceException failure) {
      log.line("jwt_auth: the keys can't be fetched: " + failure.getMessage());
      return Optional.of(
          refused(503, "watchdog: the keys of the tokens' authority are not to be had"));
    } catch (ParseException | BadJOSEException | JOSEException failure) {
      if (config.explained()) {
        log.line("Token refused: " + failure.getMessage());
      }
      return Optional.of(unknown("failed to parse JWT token: " + failure.getMessage()));
    }
  }

  private static Answer unknown(String sentence) {
    return refused(401, sentence).with("WWW-Authenticate", "Bearer realm=IAM function invoke");
  }

  private static Answer refused(int status, String sentence) {
    return Reply.sentence(status, sentence).with("X-OpenFaaS-Internal", "faas-middleware");
  }
}
