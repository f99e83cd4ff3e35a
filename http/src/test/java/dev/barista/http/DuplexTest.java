package dev.barista.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DuplexTest {

  private final BlockingQueue<Integer> aborted = new LinkedBlockingQueue<>();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.ANY, "/echo", Access.PUBLIC, exchange -> new Echo(exchange).begin())
            .stream(
                Methods.ANY,
                "/measured",
                Access.PUBLIC,
                exchange ->
                    exchange.measureBody(
                        5,
                        () -> {
                          String length =
                              exchange.forwardHeaders().get("Content-Length").orElse("none");
                          exchange.readWhole(
                              5,
                              body ->
                                  exchange.respond(
                                      Answer.text(200, length + " " + new String(body, UTF_8))),
                              aborted::add);
                        },
                        aborted::add))
            .build();
    server = new TestServer(routes, config -> config.withMaxBodyBytes(8 << 20));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Sends every piece back as it comes. */
  private final class Echo implements DuplexListener {
    private final Duplex duplex;

    Echo(StreamExchange exchange) {
      duplex = exchange.duplex(this);
    }

    void begin() {
      duplex.begin(200, Headers.of("X-Own", "1"));
      duplex.flush();
      duplex.receive();
    }

    @Override
    public void part(ByteBuffer bytes, boolean last) {
      duplex.write(bytes);
      duplex.flush();
      duplex.pause(!duplex.writable());
      if (last) {
        duplex.end();
      }
    }

    @Override
    public void writable() {
      duplex.pause(false);
    }

    @Override
    public void aborted(int status) {
      aborted.add(status);
    }
  }

  @Test
  void piecesFlowBothWays_beforeTheBodyIsComplete() throws Exception {
    try (RawClient client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("3\r\nabc\r\n");
      client.readUntil("3\r\nabc\r\n");
      client.send("2\r\nde\r\n");
      client.readUntil("2\r\nde\r\n");
      client.send("0\r\n\r\n");
      client.readUntil("0\r\n\r\n");

      client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readUntil("0\r\n\r\n")).startsWith("HTTP/1.1 200").contains("X-Own: 1");
    }
  }

  @Test
  void clientThatLeaves_isTold() throws Exception {
    try (RawClient client = server.client()) {
      client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");
      client.readUntil("3\r\nabc\r\n");
    }
    assertThat(aborted.take()).isZero();
  }

  @Test
  void bodyOfUnknownLength_isMeasured() throws Exception {
    try (RawClient client = server.client()) {
      client.send("POST /measured HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n");
      assertThat(client.readAnswer()).endsWith("4 abcd");
      client.send("POST /measured HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab");
      assertThat(client.readAnswer()).endsWith("2 ab");
      client.send("GET /measured HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readAnswer()).endsWith("none ");
      client.send("POST /measured HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("6\r\nabcdef\r\n0\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413");
      assertThat(aborted.take()).isEqualTo(413);
    }
  }
}
