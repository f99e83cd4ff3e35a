package dev.barista.gateway.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.gateway.routes.RawAnswer;
import dev.barista.gateway.routes.RunningGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LogsApiTest {

  private static final FunctionName HELLO = FunctionName.parse("hello");
  private static final ReplicaId FIRST = new ReplicaId("hello-1");
  private static final ReplicaId SECOND = new ReplicaId("hello-2");

  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = RunningGateway.withPassword();
    gateway.provider().deploy(FunctionSpec.of(HELLO, "hello:1"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void say(ReplicaId replica, String line) {
    gateway.provider().say(HELLO, replica, line);
  }

  private RawAnswer logs(String query) {
    return gateway.admin("GET", "/system/logs?" + query, "");
  }

  /** Of an answer in chunks. */
  private static List<String> lines(RawAnswer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.body().lines().filter(line -> line.startsWith("{")).toList();
  }

  @Test
  void lines_areObjectsWithTheirReplicaAndTime() {
    say(FIRST, "one \"quoted\"\u0007");
    say(SECOND, "zwei für dich");

    RawAnswer answer = logs("name=hello");

    assertThat(answer.header("Content-Type")).contains("application/x-ndjson");
    assertThat(lines(answer))
        .containsExactly(
            "{\"name\":\"hello\",\"namespace\":\"openfaas-fn\",\"instance\":\"hello-1\","
                + "\"timestamp\":\"2026-01-01T00:00:01Z\",\"text\":\"one \\\"quoted\\\"\\u0007\"}",
            "{\"name\":\"hello\",\"namespace\":\"openfaas-fn\",\"instance\":\"hello-2\","
                + "\"timestamp\":\"2026-01-01T00:00:02Z\",\"text\":\"zwei für dich\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "name=hello, 3",
    "name=hello.openfaas-fn, 3",
    "name=hello&namespace=openfaas-fn, 3",
    "name=hello&namespace=&instance=&tail=&since=&follow=, 3",
    "name=hello&tail=2, 2",
    "name=hello&tail=-1, 3",
    "name=hello&tail=0, 3",
    "name=other&name=hello&tail=3&tail=1, 1",
    "name=hello&instance=hello-2, 1",
    "name=hello&instance=unknown, 0",
    "name=hello&since=2026-01-01T00:00:02Z, 2",
    "name=hello&since=2026-01-01T01:00:03.5%2B01:00, 0",
    "name=hello&follow=false, 3",
    "name=hello&follow=0, 3",
  })
  void query_choosesLines(String query, int count) {
    say(FIRST, "one");
    say(SECOND, "two");
    say(FIRST, "three");

    assertThat(lines(logs(query))).hasSize(count);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 400, 'name: nothing'",
    "name=no/name, 400, 'name: \"no/name\"'",
    "name=unknown, 404, 'unable to find function: unknown.openfaas-fn'",
    "name=hello&namespace=other, 404, 'hello.other'",
    "name=hello&tail=many, 422, 'tail: \"many\"'",
    "name=hello&since=yesterday, 422, 'since: \"yesterday\"'",
    "name=hello&follow=maybe, 422, 'follow: \"maybe\"'",
  })
  void wrongQuery_isRefusedByName(String query, int status, String sentence) {
    RawAnswer answer = logs(query);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains(sentence);
  }

  /** A client that reads lines as they come. */
  private final class Follower implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    private final BufferedReader answer =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

    Follower(String query) throws IOException {
      String request =
          "GET /system/logs?%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
              .formatted(query, RunningGateway.ADMIN);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      socket.getOutputStream().flush();
    }

    /** The first line that holds {@code text}; fails at the end of the stream. */
    String await(String text) throws IOException {
      String line = answer.readLine();
      while (line != null && !line.contains(text)) {
        line = answer.readLine();
      }
      assertThat(line).as("a line with " + text).isNotNull();
      return line;
    }

    /** The last chunk of the answer, which is empty. */
    void awaitEnd() throws IOException {
      String line = answer.readLine();
      while (line != null && !line.equals("0")) {
        line = answer.readLine();
      }
      assertThat(line).as("the last chunk").isNotNull();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void follower_isToldAtOnce_andEndsWithTheFunction() throws IOException {
    try (Follower follower = new Follower("name=hello&follow=1")) {
      follower.await("200 OK"); // before there is anything to tell
      say(FIRST, "one");
      follower.await("\"one\"");
      say(SECOND, "two");
      follower.await("\"two\"");

      gateway.provider().delete(HELLO);

      follower.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamsAreCounted_andGivenBack(boolean byClients) throws IOException {
    try (Follower first = new Follower("name=hello&follow=1");
        Follower second = new Follower("name=hello&follow=1")) {
      first.await("200 OK");
      second.await("200 OK");

      RawAnswer third = logs("name=hello");

      assertThat(third.status()).isEqualTo(429);
      assertThat(third.body()).contains("2 logs are read").contains("--max-log-streams");
      if (!byClients) {
        gateway.logs().close();
        first.awaitEnd();
        second.awaitEnd();
      }
    }
    assertThat(statusOnceOneIsFree()).isEqualTo(byClients ? 200 : 503);
  }

  /** The end of a connection is noticed a moment after it. */
  private int statusOnceOneIsFree() {
    int status = 429;
    while (status == 429) {
      status = logs("name=hello").status();
    }
    return status;
  }
}
