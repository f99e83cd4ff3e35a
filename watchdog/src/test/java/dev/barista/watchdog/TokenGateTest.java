package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TokenGateTest {

  @TempDir Path folder;

  // Mutable state
  private ECKey key;
  private HttpServer authority;
  private String issuer;

  @BeforeEach
  void startAuthority() throws IOException, JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://127.0.0.1:" + authority.getAddress().getPort();
    serve(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(issuer, issuer));
    serve("/keys", new JWKSet(key.toPublicJWK()).toString());
    authority.start();
  }

  @AfterEach
  void stopAuthority() {
    authority.stop(0);
  }

  private void serve(String path, String json) {
    authority.createContext(
        path,
        exchange -> {
          byte[] bytes = json.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private RunningWatchdog start(String mode) throws IOException {
    String[] settings = {
      "jwt_auth", "true",
      "OPENFAAS_NAME", "fn",
      "OPENFAAS_NAMESPACE", "dev",
      "BARISTA_JWT_AUTHORITY", issuer
    };
    return mode.equals("classic")
        ? RunningWatchdog.start(folder, "env", settings)
        : RunningWatchdog.mode(mode, folder, "env", settings);
  }

  private JWTClaimsSet.Builder claims(String permission) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience(issuer)
        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
        .claim("function", Map.of("permissions", List.of(permission)));
  }

  private String signed(JWTClaimsSet claims) throws JOSEException {
    var token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(), claims);
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  private static HttpResponse<String> call(RunningWatchdog watchdog, String token)
      throws IOException, InterruptedException {
    return watchdog.send("/", "GET", BodyPublishers.noBody(), "Authorization", "Bearer " + token);
  }

  @Test
  void tokenThatAllows_getsThrough_withTheTimeItTook() throws Exception {
    for (String mode : List.of("classic", "serializing", "streaming")) {
      try (var watchdog = start(mode)) {
        HttpResponse<String> answer = call(watchdog, signed(claims("dev:*").build()));

        assertThat(answer.statusCode()).as(mode).isEqualTo(200);
        assertThat(answer.body()).containsPattern("Http_X_Auth_Seconds=\\d+\\.\\d{6}\n");
      }
    }
  }

  @Test
  void missingToken_is401() throws Exception {
    try (var watchdog = start("serializing")) {
      HttpResponse<String> answer = watchdog.get("/");

      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).isEqualTo("Bearer must be present in Authorization header\n");
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer realm=IAM function invoke");
      assertThat(answer.headers().firstValue("X-OpenFaaS-Internal")).contains("faas-middleware");
      assertThat(watchdog.get("/_/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void badTokens_are401() throws Exception {
    var old = claims("*").expirationTime(Date.from(Instant.now().minusSeconds(60))).build();
    var foreignIssuer = claims("*").issuer("http://elsewhere").build();
    var foreignAudience = claims("*").audience("somebody").build();
    String good = signed(claims("*").build());
    try (var watchdog = start("serializing")) {
      for (String token :
          List.of(
              "nonsense",
              signed(old),
              signed(foreignIssuer),
              signed(foreignAudience),
              new PlainJWT(claims("*").build()).serialize(),
              good.substring(0, good.lastIndexOf('.') + 1) + "AAAA")) {
        HttpResponse<String> answer = call(watchdog, token);
        assertThat(answer.statusCode()).as(token).isEqualTo(401);
        assertThat(answer.body()).startsWith("failed to parse JWT token: ");
      }
      assertThat(call(watchdog, good).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void tokenForAnotherFunction_is403() throws Exception {
    try (var watchdog = start("serializing")) {
      HttpResponse<String> answer = call(watchdog, signed(claims("dev:other").build()));

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("insufficient permissions\n");
    }
  }

  @Test
  void authorityThatDoesNotAnswer_stopsTheStart() {
    authority.stop(0);

    assertThatThrownBy(() -> start("serializing"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("jwt_auth: the tokens' authority can't be asked at " + issuer);
  }

  @Test
  void rights_areMatchedAsAWhole() {
    assertThat(rights(List.of(), List.of("*")).allow("dev:fn")).isTrue();
    assertThat(rights(List.of(), List.of("dev:f*")).allow("dev:fn")).isTrue();
    assertThat(rights(List.of(), List.of("dev:f")).allow("dev:fn")).isFalse();
    assertThat(rights(List.of(), List.of("d.v:fn")).allow("dev:fn")).isFalse();
    assertThat(rights(List.of(), List.of()).allow("dev:fn")).isFalse();
    assertThat(rights(List.of("prod:*"), List.of("*")).allow("dev:fn")).isFalse();
    assertThat(rights(List.of("dev:fn"), List.of("*")).allow("dev:fn")).isTrue();
    assertThat(TokenRights.of("nonsense").allow("dev:fn")).isFalse();
    assertThat(TokenRights.of(Map.of("audience", "x", "permissions", "*")).allow("dev:fn"))
        .isFalse();
  }

  private static TokenRights rights(List<String> audience, List<String> permissions) {
    return TokenRights.of(Map.of("audience", audience, "permissions", permissions));
  }
}
