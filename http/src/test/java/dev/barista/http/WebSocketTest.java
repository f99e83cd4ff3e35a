package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest {

  private static final String ASK =
      "GET /f/chat?room=1 HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n"
          + "Upgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  private static final String AGREE =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  private static final ProxyOutcome SWITCHED = new ProxyOutcome.Answered(101);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private FakeReplica replica(FakeReplica.Script script) throws IOException {
    FakeReplica replica = new FakeReplica(script);
    open.add(replica);
    return replica;
  }

  private ProxyServer gateway(SocketAddress replica) throws IOException {
    return gateway(new ProxyServer(replica));
  }

  private ProxyServer gateway(ProxyServer gateway) {
    open.add(gateway);
    return gateway;
  }

  private RawClient client(ProxyServer gateway) throws IOException {
    RawClient client = gateway.client();
    open.add(client);
    return client;
  }

  /** Agrees, then returns each byte that it gets. */
  private static void echo(FakeReplica.Connection connection) throws IOException {
    connection.readHead();
    connection.send(AGREE);
    while (true) {
      connection.send(new byte[] {(byte) connection.readByte()});
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void bytes_passBothWaysUntilTheClientLeaves(String kind, @TempDir Path folder) throws Exception {
    FakeReplica replica =
        kind.equals("tcp")
            ? new FakeReplica(WebSocketTest::echo)
            : new FakeReplica(UnixDomainSocketAddress.of(folder.resolve("s")), WebSocketTest::echo);
    open.add(replica);
    ProxyServer gateway = gateway(replica.address());
    RawClient client = client(gateway);

    String answer = client.send(ASK).readHead();

    assertThat(answer)
        .startsWith("HTTP/1.1 101 ")
        .containsIgnoringCase("connection: upgrade\r\n")
        .containsIgnoringCase("upgrade: websocket\r\n")
        .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", "X-Gateway: seen\r\n")
        .doesNotContainIgnoringCase("content-length", "transfer-encoding");
    assertThat(replica.awaitHead())
        .startsWith("GET /f/chat?room=1 HTTP/1.1\r\n")
        .containsIgnoringCase("connection: upgrade\r\n")
        .containsIgnoringCase("upgrade: websocket\r\n")
        .contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String frame : List.of("\u0081\u0003abc", "\u0000\u00ff", "GET / HTTP/1.1\r\n\r\n")) {
      assertThat(new String(client.send(frame).readBytes(frame.length()), ISO_8859_1))
          .isEqualTo(frame);
    }
    client.close();

    assertThat(gateway.awaitOutcome()).isEqualTo(SWITCHED);
    assertThat(gateway.server().awaitEnded()).isEqualTo("GET / 101");
    assertThat(replica.awaitEnd()).endsWith("by client");
    assertThat(gateway.outcomes()).isZero();
    assertThat(gateway.idle().kept()).isZero();
  }

  @Test
  void replicaThatEnds_hasItsLastBytesDelivered() throws Exception {
    FakeReplica replica = replica(FakeReplica.answersOnce(AGREE + "bye"));
    ProxyServer gateway = gateway(replica.address());

    assertThat(client(gateway).send(ASK).readAll()).endsWith("\r\n\r\nbye");
    assertThat(gateway.awaitOutcome()).isEqualTo(SWITCHED);
    assertThat(gateway.server().awaitEnded()).isEqualTo("GET / 101");
  }

  @Test
  void clientThatEndsItsSendingSide_goesOnToReceive() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send(AGREE);
              connection.readUntil("bye");
              try {
                connection.readByte();
              } catch (IOException e) { // the end of what the client sends
                connection.send("bye too");
              }
            });
    RawClient client = client(gateway(replica.address()));

    client.send(ASK).readHead();
    client.send("bye").shutdownOutput();

    assertThat(client.readAll()).isEqualTo("bye too");
  }

  @Test
  void bytesSentAheadOfTheAgreement_arriveAfterIt() throws Exception {
    CountDownLatch sentAhead = new CountDownLatch(1);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.await(sentAhead);
              connection.send(AGREE);
              connection.send(connection.read(9));
            });
    RawClient client = client(gateway(replica.address()));

    client.send(ASK + "early");
    replica.awaitHead();
    client.send("late");
    sentAhead.countDown();

    assertThat(client.readAll()).endsWith("\r\n\r\nearlylate");
  }

  @Test
  void replicaThatRefuses_isAnsweredAsHttpAndTheConnectionStays() throws Exception {
    FakeReplica replica =
        replica(FakeReplica.answers("HTTP/1.1 426 No\r\nContent-Length: 2\r\n\r\nno"));
    ProxyServer gateway = gateway(replica.address());
    RawClient client = client(gateway);

    client.send(ASK + "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(client.readAnswer()).startsWith("HTTP/1.1 426 ").endsWith("no");
    assertThat(client.readAnswer()).startsWith("HTTP/1.1 426 ").endsWith("no");
    assertThat(replica.awaitHead()).startsWith("GET /f/chat");
    assertThat(replica.awaitHead()).startsWith("GET /next").doesNotContainIgnoringCase("upgrade");
    assertThat(gateway.awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(426));
  }

  @Test
  void largeMessages_areHeldBackBySlowReaders() throws Exception {
    byte[] message = new byte[3 << 20];
    new Random(7).nextBytes(message);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send(AGREE);
              connection.send(connection.read(message.length));
            });
    RawClient client = client(gateway(replica.address()));
    client.send(ASK).readHead();

    client.send(message);

    assertThat(client.readBytes(message.length)).isEqualTo(message);
  }

  @Test
  void callThatIsOverItsTime_isCut() throws Exception {
    FakeReplica replica = replica(WebSocketTest::echo);
    ProxyServer gateway =
        gateway(
            new ProxyServer(replica.address(), UnaryOperator.identity(), Duration.ofMillis(200)));

    assertThat(client(gateway).send(ASK).readAll()).startsWith("HTTP/1.1 101 ");
    assertThat(gateway.awaitOutcome()).isEqualTo(new ProxyOutcome.Cancelled(true));
    assertThat(replica.awaitEnd()).endsWith("by client");
  }

  @Test
  void agreementThatIsNone_isBroken() throws Exception {
    FakeReplica replica =
        replica(
            FakeReplica.answersOnce(
                "HTTP/1.1 101 Yes\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\nbytes"));

    assertThat(client(gateway(replica.address())).send(ASK).readAnswer())
        .startsWith("HTTP/1.1 502 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat/2", "irc, ssh", "websocket2", "quic"})
  void unknownProtocol_isRefused(String protocol) throws Exception {
    FakeReplica replica = replica(WebSocketTest::echo);
    RawClient client = client(gateway(replica.address()));

    client.send(
        "GET /f HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: " + protocol + "\r\n\r\n");

    assertThat(client.readAll()).startsWith("HTTP/1.1 501 ").contains("websocket");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /f HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAEAAEAA\r\n\r\n",
        "GET /f HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: TLS/1.0, HTTP/2.0\r\n\r\n",
        "GET /f HTTP/1.1\r\nHost: x\r\nUpgrade: anything\r\n\r\n",
        "GET /f HTTP/1.0\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
      })
  void offerThatIsPassedOver_isAnsweredAsHttp(String request) throws Exception {
    FakeReplica replica =
        replica(FakeReplica.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));

    assertThat(client(gateway(replica.address())).send(request).readAnswer()).endsWith("ok");
    assertThat(replica.awaitHead()).doesNotContainIgnoringCase("upgrade", "http2-settings");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST|Content-Length: 0",
        "GET|Content-Length: 3",
        "GET|Transfer-Encoding: chunked"
      })
  void webSocketThatIsNoBareGet_isRefused(String methodAndHeader) throws Exception {
    FakeReplica replica = replica(WebSocketTest::echo);
    String[] parts = methodAndHeader.split("\\|");

    String answer =
        client(gateway(replica.address()))
            .send(ASK.replace("GET", parts[0]).replace("\r\n\r\n", "\r\n" + parts[1] + "\r\n\r\n"))
            .readAll();

    assertThat(answer).startsWith("HTTP/1.1 400 ");
  }
}
