package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Every way a proxied call can end that is no plain answer. */
class ProxyEndingTest extends ProxyFixture {

  @Test
  void postThatMayHaveBeenSeen_isNotRepeated() throws Exception {
    FakeReplica replica = replica(FakeReplica.answersOnceThenResets(OK));
    RawClient client = client(replica.address());
    client.send(post("1")).readAnswer();
    awaitOutcome();

    assertThat(client.send(post("2")).readAnswer()).startsWith("HTTP/1.1 502");

    assertThat(awaitOutcome()).isInstanceOf(ProxyOutcome.Broken.class);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void refusedConnection_isNotSent() throws Exception {
    FakeReplica replica = replica(connection -> {});
    replica.close();
    RawClient client = client(replica.address());

    assertThat(client.send(post("x")).readAnswer()).endsWith("not sent");
    assertThat(awaitOutcome()).isInstanceOf(ProxyOutcome.NotSent.class);
  }

  @Test
  void replicaThatDiesBeforeItsAnswer_isBroken() throws Exception {
    FakeReplica replica = replica(FakeReplica.Connection::readRequest);
    RawClient client = client(replica.address());

    assertThat(client.send(post("x")).readAnswer()).startsWith("HTTP/1.1 502");
    assertThat(awaitOutcome())
        .isInstanceOfSatisfying(
            ProxyOutcome.Broken.class, broken -> assertThat(broken.answerStarted()).isFalse());
  }

  @Test
  void replicaThatDiesInItsAnswer_cutsTheClientOff() throws Exception {
    FakeReplica replica =
        replica(FakeReplica.answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"));
    RawClient client = client(replica.address());

    assertThat(client.send(get()).readAll()).endsWith("only this");
    assertThat(awaitOutcome())
        .isInstanceOfSatisfying(
            ProxyOutcome.Broken.class, broken -> assertThat(broken.answerStarted()).isTrue());
  }

  @Test
  void clientThatLeaves_cancelsTheReplicasWork() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readRequest();
              working.countDown();
              connection.readByte();
            });
    RawClient client = client(replica.address());
    client.send(get());
    working.await();

    client.close();

    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Aborted(0));
  }

  @Test
  void clientThatResetsWhileSending_cancelsTheReplicasWork() throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              working.countDown();
              connection.read(1000);
            });
    RawClient client = client(replica.address());
    client.send("POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome");
    working.await();

    client.reset();

    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Aborted(0));
  }

  @Test
  void answerBeforeTheEndOfTheBody_reachesTheClient() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
              connection.readUntil("never");
            });
    RawClient client = client(replica.address());

    client.send("POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\nbegin");

    assertThat(client.readAll()).startsWith("HTTP/1.1 403").endsWith("no");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(403));
    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
  }

  /** Closing with unread data resets the connection, and the gateway's next write fails. */
  @Test
  void answerOfAReplicaThatClosesAtOnce_reachesTheClientThatSendsOn() throws Exception {
    FakeReplica replica =
        replica(
            FakeReplica.answersOnce(
                "HTTP/1.1 403 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"));
    for (int i = 0; i < 10; i++) {
      RawClient client = client(replica.address());
      client.send("POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n");
      client.send(new byte[4 << 20]);

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 403 ").endsWith("no");
      assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(403));
    }
  }

  @Test
  void chunkedBodyOverTheLimit_is413AndCancelsTheReplicasWork() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readHead();
              while (true) {
                connection.read(1 << 20);
              }
            });
    RawClient client = client(replica.address());
    client.send("POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    byte[] chunk = ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").getBytes(ISO_8859_1);
    for (int i = 0; i < 65; i++) {
      client.send(chunk);
    }

    assertThat(client.readHead()).startsWith("HTTP/1.1 413");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Aborted(413));
    assertThat(replica.awaitEnd()).isNotEqualTo("returned");
  }

  @Test
  void hostileAnswers_areBroken() throws Exception {
    List<String> answers =
        List.of(
            "garbage\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(300_000) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(501) + "\r\n");
    for (String answer : answers) {
      FakeReplica replica = replica(FakeReplica.answers(answer));
      RawClient client = client(replica.address());

      assertThat(client.send(post("x")).readAnswer()).startsWith("HTTP/1.1 502");
      assertThat(awaitOutcome()).isInstanceOf(ProxyOutcome.Broken.class);
    }
  }

  @Test
  void expiredCall_isCancelledOnce() throws Exception {
    FakeReplica replica =
        replica(
            connection -> {
              connection.readRequest();
              connection.readByte();
            });
    RawClient client = expiringClient(replica.address());

    assertThat(client.send(get()).readAnswer()).startsWith("HTTP/1.1 504");
    assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Cancelled(false));
    assertThat(replica.awaitEnd()).isEqualTo("closed by client");
  }

  /** The kernel holds back whoever comes when nobody accepts those who wait. */
  @Test
  void callThatExpiresBeforeItsConnection_isUnreached() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 1);
      open.add(SocketChannel.open(listener.getLocalAddress()));
      open.add(SocketChannel.open(listener.getLocalAddress()));
      RawClient client = expiringClient(listener.getLocalAddress());

      assertThat(client.send(get()).readAnswer()).startsWith("HTTP/1.1 504");
      assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Unreached());
      assertThat(outcomes).isEmpty();
    }
  }

  /** What came of it on the connection that was lost, nobody knows. */
  @Test
  void callThatExpiresBeforeItsSecondConnection_mayHaveBeenSeen() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 1);
      Upstream upstream = Upstream.to(loops, listener.getLocalAddress(), UpstreamConfig.DEFAULT);
      open.add(upstream);
      RawClient client = clientOf(exchange -> proxyShortly(exchange, upstream));
      client.send(get());
      SocketChannel pooled = listener.accept();
      pooled.read(ByteBuffer.allocate(1000));
      pooled.write(ByteBuffer.wrap(OK.getBytes(ISO_8859_1)));
      assertThat(client.readAnswer()).endsWith("ok");
      assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
      open.add(SocketChannel.open(listener.getLocalAddress()));
      open.add(SocketChannel.open(listener.getLocalAddress()));

      client.send("GET /f?short HTTP/1.1\r\nHost: x\r\n\r\n");
      pooled.read(ByteBuffer.allocate(1000));
      pooled.setOption(StandardSocketOptions.SO_LINGER, 0);
      pooled.close();

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 504");
      assertThat(awaitOutcome()).isEqualTo(new ProxyOutcome.Cancelled(false));
    }
  }

  /** Its calls expire with the next tick. */
  private RawClient expiringClient(SocketAddress replica) throws IOException {
    Upstream upstream = Upstream.to(loops, replica, UpstreamConfig.DEFAULT);
    open.add(upstream);
    return clientOf(
        exchange -> {
          proxy(exchange, upstream);
          exchange.expireAt(deadline(Duration.ofNanos(1)), exchange::cancelProxy);
        });
  }

  /** Gives a call that asks for it so little time that it ends while it is repeated. */
  private void proxyShortly(StreamExchange exchange, Upstream upstream) {
    proxy(exchange, upstream);
    if (exchange.head().rawQuery().equals("short")) {
      exchange.expireAt(deadline(Duration.ofMillis(100)), exchange::cancelProxy);
    }
  }
}
