package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP to the end, through the real program to a real function: large bodies through a small heap,
 * streams, WebSocket, trailers, expectations, old and half-closed clients. The program's heap is
 * 128 MB at most, as the launcher sets it.
 */
@ExtendWith(SharedBarista.class)
class HttpIT {

  private static final long GIGABYTE = 1_000_000_000L;
  private static final int PATIENCE_MILLIS = Patience.MILLIS;

  private final Barista barista;

  HttpIT(Barista barista) {
    this.barista = barista;
  }

  @BeforeAll
  static void deploy(Barista barista, @TempDir Path folder) throws IOException {
    ResourceFunction.up(
        barista,
        folder,
        "http-it",
        List.of("/http/server.py"),
        "python3 server.py",
        Map.of("mode", "http"));
    assertThat(barista.send(barista.request("/function/http-it")).body()).isEqualTo("hello");
  }

  private Socket connect() throws IOException {
    URI url = barista.url();
    Socket socket = new Socket(url.getHost(), url.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static String request(String method, String path, String headers) {
    return method + " /function/http-it" + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new EOFException("end of stream after: " + text);
      }
      text.append((char) b);
    }
    return text.toString();
  }

  private static String readAll(Socket socket) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    socket.getInputStream().transferTo(bytes);
    return bytes.toString(ISO_8859_1);
  }

  private long residentKib() throws IOException {
    String status = Files.readString(Path.of("/proc", Long.toString(barista.pid()), "status"));
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void gigabyteUp_passesThroughASmallHeap() throws Exception {
    long before = residentKib();
    try (Socket socket = connect()) {
      send(socket, request("POST", "/sink", "Content-Length: " + GIGABYTE + "\r\n"));
      byte[] piece = new byte[1 << 20];
      for (long left = GIGABYTE; left > 0; left -= piece.length) {
        socket.getOutputStream().write(piece, 0, (int) Math.min(left, piece.length));
      }

      assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
      assertThat(readUntil(socket, "0000000")).isEqualTo("10000000");
    }
    assertThat(residentKib() - before).isLessThan(200 << 10);
  }

  @Test
  void gigabyteDown_passesThroughASmallHeap() throws Exception {
    long before = residentKib();
    try (Socket socket = connect()) {
      send(socket, request("GET", "/source/" + GIGABYTE, "Connection: close\r\n"));
      assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
      byte[] piece = new byte[1 << 20];
      long got = 0;
      int length;
      while ((length = socket.getInputStream().read(piece)) >= 0) {
        got += length;
      }

      assertThat(got).isEqualTo(GIGABYTE);
    }
    assertThat(residentKib() - before).isLessThan(200 << 10);
  }

  @Test
  void serverSentEvent_arrivesBeforeTheNextOneIsWritten() throws Exception {
    try (Socket socket = connect()) {
      send(socket, request("GET", "/events", "Accept: text/event-stream\r\n"));
      readUntil(socket, "data: first\n\n");

      assertThat(barista.send(barista.request("/function/http-it/release")).body())
          .isEqualTo("released");
      readUntil(socket, "data: second\n\n");
    }
  }

  @Test
  void webSocket_carriesFramesAndIsCounted() throws Exception {
    CompletableFuture<String> echoed = new CompletableFuture<>();
    URI url =
        URI.create(barista.url().toString().replace("http:", "ws:") + "/function/http-it/socket");
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            echoed.complete(text.toString());
            return WebSocket.Listener.super.onText(socket, text, last);
          }

          @Override
          public void onError(WebSocket socket, Throwable error) {
            echoed.complete("a masked frame from a server is refused: " + error.getMessage());
          }
        };

    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(url, listener)
              .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      socket.sendText("hello", true).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      // The function returns the client's own, masked frame, which a client must refuse.
      assertThat(echoed.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).contains("masked");
      socket.abort();
    }

    patiently()
        .until(
            () ->
                barista
                    .metrics()
                    .contains(
                        "gateway_function_invocation_total{code=\"101\","
                            + "function_name=\"http-it.openfaas-fn\"} 1"));
  }

  @Test
  void unknownProtocol_isRefused() throws Exception {
    try (Socket socket = connect()) {
      send(socket, request("GET", "/", "Connection: Upgrade\r\nUpgrade: irc\r\n"));

      assertThat(readAll(socket))
          .startsWith("HTTP/1.1 501 ")
          .contains("X-Barista-Error: not_supported");
    }
  }

  @Test
  void trailers_reachTheClient() throws Exception {
    try (Socket socket = connect()) {
      send(socket, request("GET", "/trailers", ""));

      assertThat(readUntil(socket, "X-Checksum: 1234\r\n\r\n")).contains("Trailer: X-Checksum\r\n");
    }
  }

  @Test
  void expectation_isTheFunctionsToMeetOrRefuse() throws Exception {
    try (Socket socket = connect()) {
      send(socket, request("POST", "/sink", "Expect: 100-continue\r\nContent-Length: 3\r\n"));
      assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100 ");
      send(socket, "abc");
      assertThat(readUntil(socket, "\r\n\r\n3")).startsWith("HTTP/1.1 200 ");
    }
    try (Socket socket = connect()) {
      send(
          socket,
          request("POST", "/sink", "Expect: 100-continue\r\nX-Refuse: 1\r\nContent-Length: 3\r\n"));
      assertThat(readAll(socket)).startsWith("HTTP/1.1 417 ").endsWith("refused");
    }
  }

  @Test
  void expectation_ofARefusedRequestIsNotMet() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket,
          request("POST", "/sink", "Expect: 100-continue\r\nContent-Length: 99999999999\r\n"));
      assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ");
    }
    try (Socket socket = connect()) {
      send(
          socket,
          "POST /system/functions HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
              + "Content-Length: 3\r\n\r\n");
      assertThat(readAll(socket)).startsWith("HTTP/1.1 401 ").endsWith("invalid credentials");
    }
  }

  @Test
  void earlyAnswer_reachesAClientThatSendsOn() throws Exception {
    try (Socket socket = connect()) {
      send(socket, request("POST", "/early", "Content-Length: 50000000\r\n"));
      byte[] piece = new byte[1 << 20];
      for (int i = 0; i < 20; i++) {
        socket.getOutputStream().write(piece);
      }

      assertThat(readUntil(socket, "no need to send that")).startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void clientOfHttp10_getsItsAnswerUntilTheEnd() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /function/http-it/trailers HTTP/1.0\r\n\r\n");

      assertThat(readAll(socket))
          .startsWith("HTTP/1.1 200 ")
          .doesNotContainIgnoringCase("transfer-encoding")
          .endsWith("\r\n\r\nbody");
    }
  }

  @Test
  void requestsSentAhead_areAnsweredInOrderThoughTheClientHalfCloses() throws Exception {
    try (Socket socket = connect()) {
      send(
          socket,
          request("GET", "/source/1", "")
              + request("GET", "/", "")
              + request("POST", "/sink", "Content-Length: 4\r\n")
              + "abcd"
              + "GET /function/none HTTP/1.1\r\nHost: x\r\n\r\n");
      socket.shutdownOutput();

      String answers = readAll(socket);
      assertThat(answers.split("HTTP/1\\.1 200 ")).hasSize(4);
      assertThat(answers).containsSubsequence("\u0000", "hello", "\r\n\r\n4", "404 Not Found");
    }
  }
}
