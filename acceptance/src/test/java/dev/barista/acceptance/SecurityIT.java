package dev.barista.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what from where: credentials, foreign web pages, foreign host names. */
@ExtendWith(SharedBarista.class)
class SecurityIT {

  private final Barista barista;

  SecurityIT(Barista barista) {
    this.barista = barista;
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/system/functions",
    "POST,/system/functions",
    "PUT,/system/functions",
    "DELETE,/system/functions",
    "GET,/system/function/env",
    "POST,/system/scale-function/env",
    "GET,/system/info",
    "GET,/ui/",
  })
  void administration_withoutCredentials_is401(String method, String path) {
    HttpResponse<String> answer =
        barista.send(barista.request(path).method(method, BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("invalid credentials");
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValue("Basic realm=\"Restricted\"");
  }

  @ParameterizedTest
  @CsvSource({
    "Origin,http://evil.example",
    "Origin,null",
    "Sec-Fetch-Site,cross-site",
    "Sec-Fetch-Site,same-site"
  })
  void foreignPage_isRefused_evenWithCredentials(String header, String value) {
    HttpRequest.Builder request =
        barista
            .admin("/system/functions")
            .header(header, value)
            .POST(BodyPublishers.ofString("{}"));

    assertThat(barista.send(request).statusCode()).isEqualTo(403);
  }

  @Test
  void ownPage_isServed() {
    HttpRequest.Builder request =
        barista
            .admin("/system/functions")
            .header("Origin", barista.url().toString())
            .header("Sec-Fetch-Site", "same-origin");

    assertThat(barista.send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void authNone_refusesAForeignHostName(@TempDir Path data) throws Exception {
    try (Barista open = Barista.start(data, "--auth", "none", "--public-host", "faas.lan")) {
      assertThat(
              RawHttp.statusOf(
                  open.url(), "GET /system/functions HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
          .isEqualTo(403);
      assertThat(
              RawHttp.statusOf(
                  open.url(), "GET /system/functions HTTP/1.1\r\nHost: faas.lan\r\n\r\n"))
          .isEqualTo(200);
      assertThat(
              RawHttp.statusOf(
                  open.url(), "GET /system/functions HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .isEqualTo(200);
      assertImagesArePrivate(open);
    }
  }

  /** A pushed image stays and runs: without a password nobody brings one. */
  private static void assertImagesArePrivate(Barista open) throws Exception {
    String password =
        Base64.getEncoder().encodeToString(("admin:" + open.password()).getBytes(UTF_8));
    String get = "GET /v2/ HTTP/1.1\r\nHost: ";
    String login = "\r\nAuthorization: Basic " + password + "\r\n\r\n";

    assertThat(RawHttp.statusOf(open.url(), get + "localhost\r\n\r\n")).isEqualTo(401);
    assertThat(RawHttp.statusOf(open.url(), get + "localhost" + login)).isEqualTo(200);
    assertThat(RawHttp.statusOf(open.url(), get + "evil.example" + login)).isEqualTo(403);
  }
}
