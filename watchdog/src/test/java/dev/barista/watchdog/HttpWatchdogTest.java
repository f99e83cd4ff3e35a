package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a call in mode http and its answer carry. */
@Timeout(120)
class HttpWatchdogTest extends HttpWatchdogFixture {

  @Test
  void call_isPassedOnWithItsHostAndTarget() throws Exception {
    answers(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("X-Own", "1");
          send(
              exchange,
              201,
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Host")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        });
    try (var watchdog = start()) {
      HttpResponse<String> answer = watchdog.post("/a/b%2Fc?x=%20", "body");

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.body())
          .isEqualTo("POST /a/b%2Fc?x=%20 127.0.0.1:" + watchdog.port() + " body");
      assertThat(answer.headers().firstValue("X-Own")).contains("1");
      assertThat(answer.headers().firstValue("X-Duration-Seconds").orElseThrow())
          .matches("\\d+\\.\\d{6}");
      await()
          .untilAsserted(
              () ->
                  assertThat(watchdog.log())
                      .containsPattern(
                          "POST /a/b%2Fc\\?x=%20 - 201 - ContentLength: \\d+B"
                              + " \\(\\d\\.\\d{4}s\\)\n"));
    }
  }

  @Test
  void redirect_isNotFollowed_andOtherMethodsPass() throws Exception {
    answers(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          send(exchange, 302, "");
        });
    try (var watchdog = start()) {
      assertThat(watchdog.send("/", "OPTIONS", BodyPublishers.noBody()).statusCode())
          .isEqualTo(302);
    }
  }

  @Test
  void measuredBody_hasALength() throws Exception {
    answers(
        "/",
        exchange -> {
          String length = exchange.getRequestHeaders().getFirst("Content-length");
          send(
              exchange,
              200,
              length + " " + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        });
    var chunked = BodyPublishers.fromPublisher(BodyPublishers.ofString("chunks"));
    try (var watchdog = start()) {
      assertThat(watchdog.send("/", "POST", chunked).body()).isEqualTo("null chunks");
    }
    try (var watchdog = start("buffer_http", "true")) {
      assertThat(watchdog.send("/", "POST", chunked).body()).isEqualTo("6 chunks");
      assertThat(watchdog.post("/", "known").body()).isEqualTo("5 known");
      var tooLarge =
          BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[(4 << 20) + 1]));
      assertThat(watchdog.send("/", "POST", tooLarge).statusCode()).isEqualTo(413);
    }
    try (var watchdog = start("http_buffer_req_body", "true")) {
      assertThat(watchdog.send("/", "POST", chunked).body()).isEqualTo("6 chunks");
    }
  }

  @Test
  void path_ofTheUpstreamUrl_standsBeforeThatOfTheCall() throws Exception {
    answers("/", exchange -> send(exchange, 200, exchange.getRequestURI().toString()));
    try (var watchdog =
        RunningWatchdog.mode(
            "http", folder, LIVES, "http_upstream_url", "http://localhost:" + port + "/base/")) {
      assertThat(watchdog.get("/x").body()).isEqualTo("/base/x");
    }
  }

  @Test
  void readyPath_asksTheFunction_besideTheLimit() throws Exception {
    var never = new CountDownLatch(1);
    answers("/", exchange -> hold(never));
    answers("/ready", exchange -> send(exchange, 418, ""));
    try (var watchdog = start("ready_path", "/ready", "max_inflight", "1")) {
      assertThat(watchdog.get("/_/ready").statusCode()).isEqualTo(418);

      CompletableFuture<HttpResponse<String>> running =
          watchdog
              .client()
              .sendAsync(
                  HttpRequest.newBuilder(watchdog.uri("/")).build(), BodyHandlers.ofString());
      await().until(() -> watchdog.get("/_/ready").statusCode() == 429);
      assertThat(watchdog.get("/").statusCode()).isEqualTo(429);
      assertThat(watchdog.get("/_/health").statusCode()).isEqualTo(200);
      never.countDown();
      running.cancel(true);
    }
  }

  @Test
  void callId_isLogged_andProbesAreNot() throws Exception {
    answers("/", exchange -> send(exchange, 200, ""));
    try (var watchdog = start("log_callid", "true")) {
      watchdog.send("/one", "GET", BodyPublishers.noBody(), "X-Call-Id", "id-7");
      watchdog.send("/probe", "GET", BodyPublishers.noBody(), "User-Agent", "kube-probe/1.30");
      watchdog.get("/two");

      await()
          .untilAsserted(
              () ->
                  assertThat(watchdog.log())
                      .containsPattern("GET /one - 200 .*s\\) \\[id-7]\n")
                      .containsPattern("GET /two - 200 .*s\\) \\[[-0-9a-z]+]\n")
                      .doesNotContain("/probe"));
    }
  }
}
