package dev.barista.gateway.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * An answer as it came over the wire.
 *
 * @param head status line and header lines
 */
public record RawAnswer(String head, String body) {

  /** Sends bytes as they are, on a connection of its own, and reads until the server closes it. */
  static RawAnswer of(int port, String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      socket.getOutputStream().flush();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      return new RawAnswer(answer.substring(0, end), answer.substring(end + 4));
    } catch (IOException e) {
      throw new AssertionError("no answer to " + request, e);
    }
  }

  public int status() {
    return Integer.parseInt(head.split(" ", 3)[1]);
  }

  public Optional<String> header(String name) {
    return head.lines()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }
}
