package dev.barista.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Echoes of 3 MB, several at once, between clients and a replica that read and write in pieces of
 * any size with pauses of any length: every byte arrives, in its order, and nothing is left. A
 * failure is repeated by its seed.
 */
class SlowEchoTest {

  private static final int SIZE = 3 << 20;
  private static final int CLIENTS = 4;
  private static final int MOST_PIECE = 64 << 10;
  private static final int MOST_PAUSE_NANOS = 400_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void echo_isWholeWhoeverIsSlow(long seed) throws Exception {
    Random random = new Random(seed);
    try (FakeReplica replica = new FakeReplica(connection -> echo(connection, seed));
        ProxyServer gateway = new ProxyServer(replica.address());
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<byte[]>> answers = new ArrayList<>();
      List<byte[]> bodies = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        byte[] body = new byte[SIZE];
        random.nextBytes(body);
        bodies.add(body);
        boolean chunked = i % 2 == 1;
        long ownSeed = random.nextLong();
        answers.add(threads.submit(() -> call(gateway, threads, body, chunked, ownSeed)));
      }

      for (int i = 0; i < CLIENTS; i++) {
        assertThat(Arrays.equals(answers.get(i).get(), bodies.get(i))).as("client %d", i).isTrue();
        assertThat(gateway.awaitOutcome()).isEqualTo(new ProxyOutcome.Answered(200));
        assertThat(gateway.server().awaitEnded()).endsWith(" 200");
      }
      assertThat(gateway.outcomes()).isZero();
    }
  }

  private static byte[] call(
      ProxyServer gateway, ExecutorService threads, byte[] body, boolean chunked, long seed)
      throws Exception {
    try (RawClient client = gateway.client()) {
      Callable<Integer> writing =
          () -> {
            write(client, body, chunked, new Random(seed));
            return body.length;
          };
      Future<Integer> written = threads.submit(writing);
      client.readHead();
      byte[] answer = new byte[SIZE];
      Random random = new Random(~seed);
      for (int at = 0; at < SIZE; ) {
        byte[] piece = client.readBytes(piece(random, SIZE - at));
        assertThat(piece).isNotEmpty();
        System.arraycopy(piece, 0, answer, at, piece.length);
        at += piece.length;
        pause(random);
      }
      assertThat(written.get()).isEqualTo(SIZE);
      return answer;
    }
  }

  private static void write(RawClient client, byte[] body, boolean chunked, Random random)
      throws IOException {
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + SIZE;
    // The replica tells the length of its echo by this.
    client.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nX-Size: " + SIZE + "\r\n" + framing + "\r\n\r\n");
    for (int at = 0; at < SIZE; ) {
      int length = piece(random, SIZE - at);
      if (chunked) {
        client.send(Integer.toHexString(length) + "\r\n");
      }
      client.send(Arrays.copyOfRange(body, at, at + length));
      if (chunked) {
        client.send("\r\n");
      }
      at += length;
      pause(random);
    }
    if (chunked) {
      client.send("0\r\n\r\n");
    }
  }

  /** Answers while it still reads. */
  private static void echo(FakeReplica.Connection connection, long seed) throws IOException {
    Random random = new Random(seed);
    while (true) {
      boolean chunked = connection.readHead().toLowerCase(Locale.ROOT).contains("chunked");
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
      int left = SIZE;
      while (left > 0) {
        int most = left;
        if (chunked) {
          most = Integer.parseInt(connection.readUntil("\r\n").strip(), 16);
        }
        for (int at = 0; at < most; ) {
          int length = piece(random, most - at);
          connection.send(connection.read(length));
          at += length;
          pause(random);
        }
        left -= most;
        if (chunked) {
          connection.read(2);
        }
      }
      if (chunked) {
        connection.readUntil("0\r\n\r\n");
      }
    }
  }

  private static int piece(Random random, int left) {
    return Math.min(left, 1 + random.nextInt(MOST_PIECE));
  }

  private static void pause(Random random) {
    if (random.nextInt(4) == 0) {
      LockSupport.parkNanos(random.nextInt(MOST_PAUSE_NANOS));
    }
  }
}
