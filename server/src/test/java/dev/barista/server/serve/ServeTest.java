package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.LocalGateway;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code barista serve} as its user meets it: start, refusals, end. */
@Timeout(240)
class ServeTest {

  private static final String CAT =
      "{\"service\":\"cat\",\"image\":\"functions/alpine:latest\",\"envProcess\":\"cat\"}";

  @TempDir Path data;

  @Test
  void platform_startsGuardedAndEndsInOrder() throws Exception {
    try (ServeProcess serve = ServeProcess.start(data, List.of())) {
      assertThat(serve.lines()).last().asString().startsWith("Barista ready on http://127.0.0.1:");
      assertThat(serve.lines())
          .anyMatch(line -> line.matches("Isolation: (sandbox|user|none)"))
          .anyMatch(line -> line.matches("Metrics on http://127.0.0.1:[1-9][0-9]*/metrics"));
      assertThat(Files.readString(data.resolve("gateway.json")))
          .startsWith(
              "{\"url\": \"" + serve.url() + "\", \"pid\": " + serve.pid() + ", \"born\": ");
      assertThat(LocalGateway.find(data)).get().extracting(LocalGateway::credentials).isNotNull();
      Path listed = ServeProcess.HOME.resolve(".barista/servers/" + serve.pid());
      assertThat(listed).hasContent(data.toString());
      assertThat(serve.call("GET", "/healthz", false, null)).isEqualTo("200 OK");
      assertThat(serve.call("GET", "/system/functions", false, null))
          .isEqualTo("401 invalid credentials");
      assertThat(serve.call("GET", "/system/functions", true, null)).isEqualTo("200 []");
      assertThat(serve.call("GET", "/ui/", true, null)).startsWith("200 <!doctype html>");
      assertThat(serve.call("GET", "/function/none", false, null)).startsWith("404 ");

      ServeProcess.Ended second =
          ServeProcess.Ended.of(
              List.of(), "serve", "--port=0", "--metrics-port=0", "--data=" + data);

      assertThat(second.code()).isEqualTo(1);
      assertThat(second.output())
          .isEqualTo(
              "barista serve: the data folder "
                  + data
                  + " is in use by another barista serve (process "
                  + serve.pid()
                  + "): stop that one, or choose another folder with --data\n");
      assertThat(serve.terminate()).isZero();
      assertThat(data.resolve("gateway.json")).doesNotExist();
      assertThat(listed).doesNotExist();
    }
  }

  /** The password of a server with another data folder is found by its address. */
  @Test
  void list_findsThePasswordOfAnyServerOfThisUser() throws Exception {
    try (ServeProcess serve = ServeProcess.start(data, List.of())) {
      ServeProcess.Ended list =
          ServeProcess.Ended.of(List.of(), "list", "-q", "--gateway", serve.url());

      assertThat(list.output()).isEmpty();
      assertThat(list.code()).isZero();
      serve.kill();
    }
    assertThat(LocalGateway.find(data)).isEmpty();
  }

  @Test
  void functions_surviveAKill() {
    try (ServeProcess first = ServeProcess.start(data, List.of())) {
      assertThat(first.call("POST", "/system/functions", true, CAT)).isEqualTo("202 ");
      first.kill();
    }

    try (ServeProcess second = ServeProcess.start(data, List.of(), "--log-format=json")) {
      assertThat(second.lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
      assertThat(second.call("GET", "/system/functions", true, null)).contains("\"cat\"");
      assertThat(second.call("POST", "/function/cat", false, "meow")).isEqualTo("200 meow");
      assertThat(second.terminate()).isZero();
    }
  }

  @Test
  void takenPort_isASentenceAndLeavesNothing() {
    try (ServeProcess first = ServeProcess.start(data.resolve("first"), List.of())) {
      String port = first.url().substring(first.url().lastIndexOf(':') + 1);
      Path other = data.resolve("second");

      ServeProcess.Ended second =
          ServeProcess.Ended.of(
              List.of(), "serve", "--port=" + port, "--metrics-port=0", "--data=" + other);

      assertThat(second.code()).isEqualTo(1);
      assertThat(second.output())
          .isEqualTo(
              "barista serve: cannot listen on 127.0.0.1:"
                  + port
                  + ": Address already in use: choose another port with --port, or 0 for a free"
                  + " one\n");
      assertThat(other.resolve("gateway.json")).doesNotExist();
    }
  }

  /** Its advice was another port, which changes nothing. */
  @Test
  void addressOfAnotherMachine_namesTheHostSetting() {
    ServeProcess.Ended serve =
        ServeProcess.Ended.of(
            List.of(),
            "serve",
            "--host=192.0.2.1", // kept free for documentation: RFC 5737
            "--port=0",
            "--metrics-port=0",
            "--data=" + data);

    assertThat(serve.code()).isEqualTo(1);
    assertThat(serve.output())
        .isEqualTo(
            "barista serve: cannot listen on 192.0.2.1:0: Cannot assign requested address:"
                + " choose an address of this machine with --host\n");
  }

  @Test
  void faultySettings_endWith2AndAreToldTogether() {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();

    int code =
        ServeCommand.run(
            terminal(new ByteArrayOutputStream(), errors, Map.of("BARISTA_UPSTREAM_TIMEOUT", "x")),
            List.of("--port=70000", "--auth=none", "--host=0.0.0.0"));

    assertThat(code).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("barista serve: "));
  }

  @Test
  void help_isPrinted() {
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    int code =
        ServeCommand.run(
            terminal(output, new ByteArrayOutputStream(), Map.of()), List.of("--help"));

    assertThat(code).isZero();
    assertThat(output.toString(StandardCharsets.UTF_8)).startsWith("Usage: barista serve");
  }

  private static Terminal terminal(
      ByteArrayOutputStream output, ByteArrayOutputStream errors, Map<String, String> environment) {
    return new Terminal(
        InputStream.nullInputStream(),
        new PrintStream(output, true, StandardCharsets.UTF_8),
        new PrintStream(errors, true, StandardCharsets.UTF_8),
        environment,
        Path.of("").toAbsolutePath());
  }
}
