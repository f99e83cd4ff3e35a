package dev.barista.watchdog;

import static dev.barista.watchdog.RunningWatchdog.script;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a hostile client can get into the environment of a function. */
@Timeout(60)
class RequestVariablesTest {

  @TempDir Path folder;

  @Test
  void names_areCanonical() {
    assertThat(RequestVariables.variableName("x-call-ID")).contains("X_Call_Id");
    assertThat(RequestVariables.variableName("TE")).contains("Te");
    assertThat(RequestVariables.variableName("x_y")).contains("X_y");
  }

  @Test
  void namesThatAShellMightRun_areLeftOut() {
    for (String name : List.of("BASH_FUNC_x%%", "a.b", "a$b", "a`b", "", "ü", "a b", "a=b")) {
      assertThat(RequestVariables.variableName(name)).as(name).isEmpty();
    }
  }

  @Test
  void headers_cannotPassForTheRequestLine() throws Exception {
    String environment =
        environmentFor(
            "GET /real HTTP/1.1",
            "Host: h",
            "Path: /forged",
            "Method: FORGED",
            "Query: forged",
            "Content_Length: 99");

    assertThat(environment.lines())
        .contains("Http_Path=/real", "Http_Method=GET", "Http_Content_Length=0")
        .noneMatch(line -> line.contains("forged") || line.contains("FORGED"));
  }

  @Test
  void proxyOfTheFunctionsOwnCalls_isNotTheClientsToChoose() throws Exception {
    String environment = environmentFor("GET / HTTP/1.1", "Host: h", "pROXY: http://evil", "A: b");

    assertThat(environment.lines()).contains("Http_A=b").noneMatch(line -> line.contains("evil"));
  }

  @Test
  void underscoredTwin_losesAgainstTheRealHeader() throws Exception {
    String first = environmentFor("GET / HTTP/1.1", "Host: h", "X_User: forged", "X-User: real");
    String last = environmentFor("GET / HTTP/1.1", "Host: h", "X-User: real", "X_User: forged");

    assertThat(first.lines()).contains("Http_X_User=real");
    assertThat(last.lines()).contains("Http_X_User=real");
  }

  @Test
  void firstOfSeveralValues_counts() throws Exception {
    assertThat(environmentFor("GET / HTTP/1.1", "Host: h", "X-A: one", "X-A: two").lines())
        .contains("Http_X_A=one");
  }

  @Test
  void bytesOfAValue_arriveAsSent() throws Exception {
    assertThat(environmentFor("GET / HTTP/1.1", "Host: h", "X-A: k\u00e9")).contains("X_A=k\u00e9");
  }

  @Test
  void pathIsDecoded_butNoNewVariableComesOfIt() throws Exception {
    assertThat(environmentFor("GET /a%2Fb%zz%C3%A9 HTTP/1.1", "Host: h"))
        .contains("Http_Path=/a/b%zz\u00c3\u00a9\n");
    assertThat(environmentFor("GET /%00 HTTP/1.1", "Host: h")).contains("400 Bad Request");
  }

  /** The answer as Latin-1, so that each character is a byte. */
  private String environmentFor(String... lines) throws Exception {
    try (var watchdog = RunningWatchdog.start(folder, script(folder, "exec env"));
        var socket = new Socket(InetAddress.getLoopbackAddress(), watchdog.port())) {
      String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
