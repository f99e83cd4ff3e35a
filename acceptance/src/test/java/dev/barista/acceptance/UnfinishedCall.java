package dev.barista.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * A call whose body lacks its one byte until the test sends it: whoever got the call has it in hand
 * for as long, on a machine of any speed. Its connection ends with the answer.
 */
final class UnfinishedCall {

  private final Socket socket;
  private final CompletableFuture<String> answer;

  private UnfinishedCall(Socket socket) {
    this.socket = socket;
    this.answer =
        CompletableFuture.supplyAsync(
            () -> read(socket), Executors.newVirtualThreadPerTaskExecutor());
  }

  /** Sends a POST's head. */
  static UnfinishedCall to(URI url) throws IOException {
    Socket socket = new Socket(url.getHost(), url.getPort());
    socket.setSoTimeout(Patience.MILLIS);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1\r\n\r\n"
            .formatted(url.getRawPath());
    socket.getOutputStream().write(head.getBytes(ISO_8859_1));
    return new UnfinishedCall(socket);
  }

  private static String read(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      return "no answer: " + e;
    }
  }

  /** The whole answer, once it is there: before the end of the body if the call is refused. */
  CompletableFuture<String> answer() {
    return answer;
  }

  /** Sends what was missing. */
  void finish() throws IOException {
    socket.getOutputStream().write('x');
  }
}
