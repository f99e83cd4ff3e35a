package dev.barista.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What a call and its answer carry through the proxy: headers, bodies, trailers, events. */
class ProxyTest extends ProxyFixture {

  @Test
  void hopByHopHeaders_stayOnTheirSide() throws Exception {
    FakeReplica replica =
        replica(
            FakeReplica.answers(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                    + "Keep-Alive: timeout=5\r\nX-End: 1\r\n\r\nok"));
    RawClient client = client(replica.address());

    client.send(
        "GET /f HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Connection: X-Secret, close, Content-Length\r\n"
            + "X-Secret: 1\r\n"
            + "Upgrade: h2c\r\n"
            + "TE: trailers\r\n"
            + "Proxy-Authorization: p\r\n"
            + "Authorization: a\r\n\r\n");

    assertThat(client.readAnswer())
        .doesNotContain("X-Hop", "Keep-Alive")
        .contains("X-End: 1", "connection: close");
    assertThat(replica.awaitHead())
        .doesNotContain("X-Secret", "Upgrade", "TE:", "Proxy-Authorization", "Connection")
        .contains("Authorization: a");
  }

  @Test
  void headerNamedInConnection_doesNotTakeAwayTheGatewaysOwn() throws Exception {
    FakeReplica replica = replica(FakeReplica.answers(OK));
    Upstream upstream = Upstream.to(loops, replica.address(), UpstreamConfig.DEFAULT);
    open.add(upstream);
    RawClient client =
        clientOf(
            exchange -> {
              exchange.forwardHeaders().set("X-Call-Id", "gateway");
              proxy(exchange, upstream);
            });

    client
        .send("GET /f HTTP/1.1\r\nHost: x\r\nConnection: X-Call-Id\r\nX-Call-Id: c\r\n\r\n")
        .readAnswer();

    assertThat(replica.awaitHead()).contains("X-Call-Id: gateway").doesNotContain("X-Call-Id: c");
  }

  @Test
  void targetAndHeaders_arriveByteByByte() throws Exception {
    FakeReplica replica = replica(FakeReplica.answers(OK));
    RawClient client = client(replica.address());

    client
        .send("GET /f/%2F;a=\u00e9%zz HTTP/1.1\r\nHost: x\r\nX-Latin: \u00e9\r\n\r\n")
        .readAnswer();

    assertThat(replica.awaitHead())
        .startsWith("GET //%2F;a=\u00e9%zz HTTP/1.1\r\n")
        .contains("X-Latin: \u00e9\r\n");
  }

  @Test
  void largeBodies_streamBothWays() throws Exception {
    byte[] body = new byte[20 << 20];
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
              for (int left = body.length; left > 0; left -= 1 << 20) {
                connection.send(connection.read(1 << 20));
              }
            });
    RawClient client = client(replica.address());
    Thread sender =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    client.send(
                        "POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + body.length
                            + "\r\n\r\n");
                    client.send(body);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });

    client.readHead();
    assertThat(client.readBytes(body.length)).hasSize(body.length);
    sender.join();
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
  }

  @Test
  void chunkedWithTrailers_passesBothWays() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              String body = connection.readUntil("0\r\n\r\n");
              connection.send(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + body.replace("0\r\n\r\n", "0\r\nX-Sum: 7\r\n\r\n"));
              connection.readByte();
            });
    RawClient client = client(replica.address());

    client.send(
        "POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");

    client.readHead();
    assertThat(client.readUntil("X-Sum: 7\r\n\r\n")).isEqualTo("3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n");
  }

  @Test
  void eventStream_isFlushedEventByEvent() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
              try {
                while (true) {
                  connection.send(events.take());
                }
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            });
    RawClient client = client(replica.address());
    client.send(get());
    client.readHead();

    events.add("data: 1\n\n");
    assertThat(client.readUntil("data: 1\n\n")).isNotEmpty();
    events.add("data: 2\n\n");
    assertThat(client.readUntil("data: 2\n\n")).isNotEmpty();
  }

  @Test
  void headAndNoContent_haveNoBody() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              connection.readHead();
              connection.send("HTTP/1.1 204 No Content\r\n\r\n");
              connection.readHead();
              connection.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n");
              connection.readHead();
              connection.send(OK);
            });
    RawClient client = client(replica.address());

    assertThat(client.send("HEAD /f HTTP/1.1\r\nHost: x\r\n\r\n").readHead())
        .contains("Content-Length: 1000");
    assertThat(client.send(get()).readHead()).startsWith("HTTP/1.1 204").doesNotContain("ength");
    assertThat(client.send(get()).readHead()).startsWith("HTTP/1.1 304");
    assertThat(client.send(get()).readAnswer()).endsWith("ok");
  }

  @Test
  void earlyHints_arePassedOnAndContinueIsNot() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 100 Continue\r\n\r\n");
              connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
              connection.send(OK);
              connection.readByte();
            });
    RawClient client = client(replica.address());

    assertThat(client.send(get()).readHead()).startsWith("HTTP/1.1 103").contains("Link: </a>");
    assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("ok");
  }

  @Test
  void answerUntilClose_isChunkedForTheClient() throws Exception {
    FakeReplica replica = replica(FakeReplica.answersOnce("HTTP/1.0 200 OK\r\n\r\nall of it"));
    RawClient client = client(replica.address());

    assertThat(client.send(get()).readHead()).contains("transfer-encoding: chunked");
    assertThat(client.readUntil("0\r\n\r\n")).contains("all of it");
  }
}
