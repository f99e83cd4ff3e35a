package dev.barista.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bad input gets: a status, a sentence with field, value and expectation, and no damage. */
@ExtendWith(SharedBarista.class)
class BadInputIT {

  private final Barista barista;

  BadInputIT(Barista barista) {
    this.barista = barista;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"service\":\"Bad_Name\",\"image\":\"functions/alpine\"}|service|Bad_Name",
        "{\"service\":\"..\",\"image\":\"functions/alpine\"}|service|..",
        "{\"service\":\"a/b\",\"image\":\"functions/alpine\"}|service|a/b",
        "{\"service\":\"größe\",\"image\":\"functions/alpine\"}|service|größe",
        "{\"service\":\"ok\"}|image|nothing",
        "{\"service\":\"ok\",\"image\":\"functions/alpine\",\"namespace\":\"NOT ok\"}|namespace|NOT"
            + " ok",
        "{\"service\":\"ok\",\"image\":\"functions/alpine\",\"limits\":{\"memory\":\"lots\"}}|limits.memory|lots",
        "{\"service\":\"ok\",\"image\":\"functions/alpine\",\"requests\":{\"cpu\":\"-1\"}}|requests.cpu|-1",
        "{\"service\":\"ok\",\"image\":\"functions/alpine\",\"labels\":{\"a b\":\"c\"}}|labels|a b",
        "{\"service\":\"ok\",\"image\":\"functions/alpine\",\"labels\":{\"com.openfaas.scale.min\":\"many\"}}|com.openfaas.scale.min|many",
        "{\"service\":\"ok\",\"image\":\"nowhere/unknown:1\",\"envProcess\":\"cat\"}|image|nowhere/unknown:1",
      })
  void deploy_ofABadField_namesIt(String json, String field, String given) {
    HttpResponse<String> answer = barista.deploy(json);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(field).contains(given);
    assertThat(barista.send(barista.admin("/system/function/ok")).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "\"text\"", "{\"service\":{}}", "{\"service\":1,\"image\":[]}"})
  void deploy_ofNoDeployment_is400(String json) {
    HttpResponse<String> answer = barista.deploy(json);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).isNotBlank();
  }

  @Test
  void name_of64Characters_isRefusedEverywhere() {
    String name = "a".repeat(64);

    assertThat(
            barista
                .deploy("{\"service\":\"" + name + "\",\"image\":\"functions/alpine\"}")
                .statusCode())
        .isEqualTo(400);
    assertThat(barista.invoke(name, "").statusCode()).isEqualTo(404);
    CommandResult command =
        barista.command("deploy", "--name", name, "--image", "functions/alpine:latest");
    assertThat(command.exitCode()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/function/..%2fsystem",
        "/function/a%2fb",
        "/function/.openfaas-fn",
        "/function/%00",
        "/function/caf%C3%A9",
        "/function/unknown"
      })
  void invocation_ofAnImpossibleName_is404(String path) throws Exception {
    int status =
        RawHttp.statusOf(
            barista.url(),
            "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(status).isEqualTo(404);
  }

  @Test
  void unknownFunction_isTold_withCodeAndCallId() {
    HttpResponse<String> answer =
        barista.send(barista.request("/function/unknown").header("Accept", "application/json"));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .contains("\"code\":\"function_not_found\"")
        .contains("unable to find function: unknown")
        .contains(answer.headers().firstValue("X-Call-Id").orElseThrow());
  }

  /** RFC 9112, 5.2: a folded header is refused or made one line; two headers it never becomes. */
  @Test
  void foldedHeader_arrivesAsOneLine() throws Exception {
    RawHttp.Conversation conversation =
        RawHttp.converse(
            barista.url(),
            "GET /function/env HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "X-A: b\r\n"
                + " folded: c\r\n"
                + "Connection: close\r\n\r\n");

    assertThat(conversation.answer())
        .contains("Http_X_A=b folded: c")
        .doesNotContain("Http_Folded");
  }

  /** As OpenFaaS's router does with a path that is not clean, also when the dots are encoded. */
  @Test
  void pathThatLeavesTheFunction_isRedirectedToWhatItMeans() throws Exception {
    RawHttp.Conversation conversation =
        RawHttp.converse(
            barista.url(),
            "GET /function/%2e%2e/system/info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertThat(conversation.status()).isEqualTo(301);
    assertThat(conversation.answer()).containsIgnoringCase("location: /system/info");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("no HTTP", "NONSENSE\r\n\r\n", 400),
        Arguments.of(
            "length and chunks",
            "POST /function/env HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "Content-Length: 4\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n",
            400),
        Arguments.of(
            "two lengths",
            "POST /function/env HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "Content-Length: 4\r\n"
                + "Content-Length: 5\r\n\r\n"
                + "abcde",
            400),
        Arguments.of(
            "no number",
            "POST /function/env HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
            400),
        Arguments.of(
            "negative",
            "POST /function/env HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            400),
        Arguments.of(
            "space before colon", "GET /function/env HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n", 400),
        Arguments.of(
            "long header",
            "GET /function/env HTTP/1.1\r\nHost: a\r\nX-A: " + "b".repeat(2 << 20) + "\r\n\r\n",
            431),
        Arguments.of(
            "many headers",
            "GET /function/env HTTP/1.1\r\nHost: a\r\n" + "X-A: b\r\n".repeat(5_000) + "\r\n",
            431));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformedRequest_isRefused_andTheConnectionClosed(String name, String request, int status)
      throws Exception {
    RawHttp.Conversation conversation = RawHttp.converse(barista.url(), request);

    assertThat(conversation.status()).as(conversation.answer()).isEqualTo(status);
    assertThat(conversation.closed()).isTrue();
  }
}
