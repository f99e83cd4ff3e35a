package dev.barista.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayRoutesTest {

  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    gateway = RunningGateway.withPassword();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/ui"})
  void root_redirectsToThePage(String path) {
    RawAnswer answer = gateway.send("GET", path, "Host: localhost\r\n", "");

    assertThat(answer.status()).isEqualTo(307);
    assertThat(answer.header("Location")).contains("/ui/");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/system/info,405",
    "PATCH,/system/functions,405",
    "GET,/system/scale-function/f,405",
    "GET,/system,404",
    "GET,/system/functions/,404",
    "GET,/system/function/,404",
    "GET,/system/alert,405",
    "POST,/system/alerts,405",
    "GET,/system/function/a/b,404",
    "GET,/nothing,404",
    "GET,/metrics,404",
  })
  void whatIsNotInTheTable_isRefused(String method, String path, int status) {
    assertThat(gateway.admin(method, path, "").status()).isEqualTo(status);
  }

  @Test
  void page_isServedWithAStrictPolicy() {
    RawAnswer page = gateway.admin("GET", "/ui/", "");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("<p>a page</p>\n");
    assertThat(page.header("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.header("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void knownPage_isNotSentAgain() {
    String tag = gateway.admin("GET", "/ui/index.html", "").header("ETag").orElseThrow();

    RawAnswer again =
        gateway.send(
            "GET",
            "/ui/",
            "Host: localhost\r\nIf-None-Match: " + tag + "\r\n" + RunningGateway.ADMIN,
            "");

    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/..%2f..%2fsystem%2fSystemApi.class",
        "/ui/.html",
        "/ui/RunningGateway.class",
        "/ui/a/index.html",
        "/ui/missing.html",
        "/ui/index.html%00",
        "/ui/%2e%2e%2findex.html",
      })
  void nothingButThePagesFiles_isServed(String path) {
    assertThat(gateway.admin("GET", path, "").status()).isEqualTo(404);
  }

  @Test
  void unknownRoute_isToldAsJsonWhenAskedFor() {
    RawAnswer answer =
        gateway.send(
            "GET",
            "/nothing",
            "Host: localhost\r\nAccept: application/json\r\nX-Call-Id: id-1\r\n",
            "");

    assertThat(answer.body())
        .contains("\"code\":\"route_not_found\"")
        .contains("\"callId\":\"id-1\"");
  }
}
