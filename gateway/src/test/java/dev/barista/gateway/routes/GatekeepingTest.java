package dev.barista.gateway.routes;

import static dev.barista.gateway.routes.RunningGateway.ADMIN;
import static dev.barista.gateway.routes.RunningGateway.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatekeepingTest {

  private static final String HOST = "Host: localhost\r\n";

  private static RunningGateway protectedGateway;
  private static RunningGateway openGateway;

  @BeforeAll
  static void start() throws IOException {
    protectedGateway = RunningGateway.withPassword();
    openGateway = RunningGateway.withoutPassword();
  }

  @AfterAll
  static void stop() {
    protectedGateway.close();
    openGateway.close();
  }

  @Test
  void everyAdminRoute_is401WithoutCredentials() {
    int checked = 0;
    for (String line : protectedGateway.routes().describe()) {
      if (line.startsWith("PUBLIC ")) {
        continue;
      }
      String method = line.replaceAll("^\\w+ \\[?(\\w+).*", "$1").replace("any", "GET");
      String path = line.substring(line.indexOf('/')).replace("{name}", "f").replace("*", "");

      RawAnswer answer = protectedGateway.send(method, path, HOST, "");

      assertThat(answer.status()).as(line).isEqualTo(401);
      assertThat(answer.body()).isEqualTo("invalid credentials");
      assertThat(answer.header("WWW-Authenticate")).contains("Basic realm=\"Restricted\"");
      checked++;
    }
    assertThat(checked).isGreaterThanOrEqualTo(8);
  }

  @Test
  void refusedAdministrator_isToldInTheFormThatItAskedFor() {
    String headers = HOST + "Accept: application/json\r\nX-Call-Id: mine\r\n";

    RawAnswer answer = protectedGateway.send("GET", "/system/functions", headers, "");

    assertThat(answer.header("X-Call-Id")).contains("mine");
    assertThat(answer.header("X-Barista-Error")).contains("unauthorized");
    assertThat(answer.body())
        .contains("\"code\":\"unauthorized\"", "\"callId\":\"mine\"", "invalid credentials");
  }

  @Test
  void refusal_hasTheCallIdOfItsRequest() {
    String generated =
        protectedGateway.send("GET", "/system/info", HOST, "").header("X-Call-Id").orElseThrow();

    assertThat(generated).matches("[0-9a-f-]{36}");
    assertThat(
            protectedGateway
                .send("GET", "/system/info", HOST + "Origin: null\r\nX-Call-Id: mine\r\n", "")
                .header("X-Call-Id"))
        .contains("mine");
  }

  @Test
  void everySystemAndUiRoute_isForAdministrators() {
    assertThat(protectedGateway.routes().describe())
        .filteredOn(line -> line.startsWith("PUBLIC"))
        .extracting(line -> line.substring(line.indexOf('/')))
        .containsExactlyInAnyOrder("/function/*", "/healthz", "/ui", "/");
  }

  @Test
  void rightCredentials_passWhateverTheCaseOfTheScheme() {
    assertThat(protectedGateway.admin("GET", "/system/functions", "").status()).isEqualTo(200);
    String lower = "Authorization: basic " + encoded("bob:pw") + "\r\n";
    assertThat(protectedGateway.send("GET", "/system/functions", HOST + lower, "").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bob:", "bob:pw2", "bob:p", "alice:pw", ":", "bob", "", "bob:pw:"})
  void wrongCredentials_are401(String credentials) {
    String header = "Authorization: Basic " + encoded(credentials) + "\r\n";

    assertThat(protectedGateway.send("GET", "/system/info", HOST + header, "").status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic ???", "Basic", "Bearer Ym9iOnB3", "Ym9iOnB3", "Basic Ym9iOnB3,x"})
  void headersThatAreNoBasicCredentials_are401(String value) {
    String header = "Authorization: " + value + "\r\n";

    assertThat(protectedGateway.send("GET", "/system/info", HOST + header, "").status())
        .isEqualTo(401);
  }

  @Test
  void twoAuthorizationHeaders_are401() {
    String headers = HOST + ADMIN + "Authorization: Basic x\r\n";

    assertThat(protectedGateway.send("GET", "/system/info", headers, "").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site: cross-site, 403",
    "Sec-Fetch-Site: same-site, 403",
    "Sec-Fetch-Site: invented, 403",
    "Sec-Fetch-Site: same-origin, 200",
    "Sec-Fetch-Site: none, 200",
    "Origin: http://evil.example, 403",
    "Origin: http://localhost, 200",
    "Origin: https://localhost, 200",
    "Origin: http://localhost:3000, 403",
    "Origin: http://localhost.evil.example, 403",
    "Origin: null, 403",
    "Origin: file://, 403",
    "Origin: chrome-extension://abc, 403",
    "Origin: http://, 403",
    "Origin: https://faas.lan, 200",
    "Origin: https://faas.lan:8443, 200",
    "X-Nothing: here, 200",
  })
  void foreignPage_isRefusedThoughTheBrowserAddsCredentials(String header, int status) {
    String headers = HOST + ADMIN + header + "\r\n";

    assertThat(protectedGateway.send("GET", "/system/functions", headers, "").status())
        .isEqualTo(status);
  }

  @Test
  void originWithTheHostsPort_isOwn() {
    String headers = "Host: localhost:8080\r\nOrigin: http://localhost:8080\r\n" + ADMIN;

    assertThat(protectedGateway.send("GET", "/system/functions", headers, "").status())
        .isEqualTo(200);
  }

  @Test
  void refusedPage_isToldWhyAndCounted() {
    String headers = HOST + ADMIN + "Origin: http://evil.example\r\nAccept: application/json\r\n";

    RawAnswer answer = protectedGateway.send("DELETE", "/system/functions", headers, "{}");

    assertThat(answer.body())
        .contains("\"code\":\"foreign_origin\"")
        .contains("\"setting\":\"--public-host\"");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:8080, 200",
    "localhost., 200",
    "app.localhost, 200",
    "127.0.0.1:8080, 200",
    "127.9.9.9, 200",
    "[::1]:8080, 200",
    "10.0.0.7, 200",
    "faas.lan:80, 200",
    "evil.example, 403",
    "127.0.0.1.evil.example, 403",
    "localhost.evil.example, 403",
    "localhost@evil.example, 400",
    "10.0.0.8, 403",
    "evil.example:abc, 403",
  })
  void withoutPassword_onlyTheGatewaysOwnNamesPass(String host, int status) {
    String header = "Host: " + host + "\r\n";

    assertThat(openGateway.send("GET", "/system/functions", header, "").status()).isEqualTo(status);
  }

  @Test
  void withoutPassword_foreignPagesAreRefusedToo() {
    String headers = HOST + "Origin: http://evil.example\r\n";

    assertThat(openGateway.send("POST", "/system/functions", headers, "{}").status())
        .isEqualTo(403);
  }

  @Test
  void functions_areForEveryPage() {
    String headers =
        "Host: evil.example\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n";

    assertThat(openGateway.send("POST", "/function/f", headers, "").body()).isEqualTo("invoked");
    assertThat(protectedGateway.send("POST", "/function/f", headers, "").body())
        .isEqualTo("invoked");
  }
}
