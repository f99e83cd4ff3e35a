package dev.barista.cli.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a socket, byte by byte. */
@Timeout(30)
class HttpClientTest {

  private final HttpClient client = new HttpClient(/* verifyTls= */ true);
  private ServerSocket server;

  /** One side of a conversation. */
  private interface Peer {
    void talk(InputStream in, OutputStream out) throws Exception;
  }

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void request_isWrittenAsAServerExpects() throws Exception {
    CompletableFuture<String> head = new CompletableFuture<>();
    serve(
        (in, out) -> {
          head.complete(readHead(in) + new String(in.readNBytes(2), UTF_8));
          answer(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });

    client
        .send(
            call("PATCH", "/function/a.b?x=%20y")
                .withHeader("Content-Type", "text/plain")
                .withBody(new RequestBody.Bytes("hi".getBytes(UTF_8))))
        .close();

    assertThat(head.get())
        .isEqualTo(
            "PATCH /function/a.b?x=%20y HTTP/1.1\r\nHost: 127.0.0.1:"
                + server.getLocalPort()
                + "\r\n"
                + "Content-Type: text/plain\r\n"
                + "Content-Length: 2\r\n"
                + "Connection: close\r\n\r\n"
                + "hi");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Content-Length: 5~~helloMORE|hello",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~hel~2;x=y~lo~0~Trailer: x~~|hello",
        "HTTP/1.1 200 OK~~hello|hello",
        "HTTP/1.0 200~~hello|hello",
        "HTTP/1.1 103 Early Hints~Link: x~~HTTP/1.1 200 OK~content-length: 5~~hello|hello",
        "HTTP/1.1 204 No Content~~|''",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~0~~|''",
      })
  void answer_endsWhereItsFramingSays(String answer, String body) throws Exception {
    serve(
        (in, out) -> {
          readHead(in);
          answer(out, answer.replace("~", "\r\n"));
        });

    try (HttpAnswer received = client.send(call("GET", "/"))) {
      assertThat(received.text()).isEqualTo(body);
      assertThat(received.successful()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Content-Length: 50~~hello|the connection was closed before the end",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello|the connection was closed before the"
            + " end",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~x~hello|a malformed chunk",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip~~|an unknown transfer coding: gzip",
        "HTTP/1.1 200 OK~Content-Length: -1~~|a malformed Content-Length",
        "SSH-2.0-OpenSSH_9~|not HTTP",
        "HTTP/1.1 200 OK~no colon~~|a malformed header",
        "''|the connection was closed before the answer",
      })
  void brokenAnswer_isAnError(String answer, String message) throws Exception {
    serve(
        (in, out) -> {
          readHead(in);
          answer(out, answer.replace("~", "\r\n"));
        });

    assertThatThrownBy(
            () -> {
              try (HttpAnswer received = client.send(call("GET", "/"))) {
                received.text();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  /** It is shown on terminals. */
  @Test
  void reason_hasNoControlCharacter() throws Exception {
    serve(
        (in, out) -> {
          readHead(in);
          answer(out, "HTTP/1.1 404 Not\u001b[2J Found\r\nContent-Length: 0\r\n\r\n");
        });

    try (HttpAnswer received = client.send(call("GET", "/"))) {
      assertThat(received.reason()).isEqualTo("Not?[2J Found");
    }
  }

  @Test
  void shortInput_isSentWithItsLength() throws Exception {
    CompletableFuture<String> head = new CompletableFuture<>();
    serve(
        (in, out) -> {
          head.complete(readHead(in));
          answer(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });

    InputStream input = new ByteArrayInputStream("hello".getBytes(UTF_8));
    client.send(call("POST", "/").withBody(new RequestBody.Stream(input))).close();

    assertThat(head.get()).contains("Content-Length: 5\r\n");
  }

  @Test
  void longInput_isSentInChunks() throws Exception {
    CompletableFuture<String> received = new CompletableFuture<>();
    serve(
        (in, out) -> {
          assertThat(readHead(in)).contains("Transfer-Encoding: chunked\r\n");
          received.complete(readChunks(in));
          answer(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });

    String text = "0123456789".repeat(100_000);
    InputStream input = new ByteArrayInputStream(text.getBytes(UTF_8));
    client.send(call("POST", "/").withBody(new RequestBody.Stream(input))).close();

    assertThat(received.get()).isEqualTo(text);
  }

  @Test
  void bothBodies_streamAtTheSameTime() throws Exception {
    serve(
        (in, out) -> {
          readHead(in);
          assertThat(readChunk(in)).isEqualTo("ping");
          answer(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npong\r\n");
          assertThat(readChunk(in)).isEqualTo("more");
          answer(out, "4\r\nlast\r\n0\r\n\r\n");
        });

    try (PipedOutputStream typed = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(typed)) {
      typed.write("ping".getBytes(UTF_8));
      typed.flush();
      try (HttpAnswer answer =
          client.send(call("POST", "/").withBody(new RequestBody.Stream(input)))) {
        assertThat(new String(answer.body().readNBytes(4), UTF_8)).isEqualTo("pong");
        typed.write("more".getBytes(UTF_8));
        typed.flush();
        assertThat(new String(answer.body().readAllBytes(), UTF_8)).isEqualTo("last");
      }
    }
  }

  @Test
  void earlyRefusal_isReadThoughTheBodyIsNotTaken() throws Exception {
    serve(
        (in, out) -> {
          readHead(in);
          answer(out, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
          in.readAllBytes();
        });
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            return length;
          }
        };

    try (HttpAnswer answer =
        client.send(call("POST", "/").withBody(new RequestBody.Stream(endless)))) {
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.text()).isEqualTo("big");
    }
  }

  @Test
  void headerWithLineBreak_isRefused() {
    assertThatThrownBy(() -> new HttpCall.Header("X-A", "1\r\nX-B: 2"))
        .hasMessage("header X-A: a line break (expected: one line of text)");
    assertThatThrownBy(() -> new HttpCall.Header("X A", "1")).hasMessageContaining("header's name");
  }

  private HttpCall call(String method, String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    return HttpCall.of(method, uri, Duration.ofSeconds(20));
  }

  private void serve(Peer peer) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (Socket socket = server.accept()) {
                peer.talk(socket.getInputStream(), socket.getOutputStream());
              } catch (Exception e) {
                throw new IllegalStateException(e); // the client sees the closed connection
              }
            });
  }

  private static void answer(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private static String readChunk(InputStream in) throws IOException {
    StringBuilder size = new StringBuilder();
    while (size.indexOf("\r\n") < 0) {
      size.append((char) in.read());
    }
    byte[] chunk = in.readNBytes(Integer.parseInt(size.toString().strip(), 16));
    in.readNBytes(2);
    return new String(chunk, UTF_8);
  }

  private static String readChunks(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String chunk = readChunk(in); !chunk.isEmpty(); chunk = readChunk(in)) {
      text.append(chunk);
    }
    return text.toString();
  }
}
