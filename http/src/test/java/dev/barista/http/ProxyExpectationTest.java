package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Expect: 100-continue, from the client through the proxy to the replica. */
class ProxyExpectationTest extends ProxyFixture {

  private static final String EXPECTING =
      "POST /f HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n";

  @Test
  void expectation_isTheReplicasToMeet() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.await(asked);
              connection.send("HTTP/1.1 100 Continue\r\n\r\n");
              String body = new String(connection.read(3), ISO_8859_1);
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body);
              connection.readByte();
            });
    RawClient client = client(replica.address());

    client.send(EXPECTING);
    assertThat(replica.awaitHead()).contains("expect: 100-continue\r\n");
    asked.countDown();
    assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
    client.send("abc");

    assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("abc");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
  }

  @Test
  void expectationThatTheReplicaRefuses_isAnsweredWithoutTheBody() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
              connection.readByte();
            });
    RawClient client = client(replica.address());

    assertThat(client.send(EXPECTING).readAll()).startsWith("HTTP/1.1 401 ").endsWith("no");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(401));
    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
  }

  @Test
  void expectationThatTheReplicaDoesNotKnow_isMetHere() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              String body = connection.readRequest();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body);
              connection.readByte();
            });
    RawClient client = client(replica.address());

    client.send(EXPECTING);
    assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");

    assertThat(client.send("abc").readAnswer()).endsWith("abc");
  }
}
