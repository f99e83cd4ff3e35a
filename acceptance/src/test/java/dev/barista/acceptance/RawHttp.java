package dev.barista.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;

/** Bytes over a socket, for requests that no client library would send. */
final class RawHttp {

  private static final int PATIENCE_MILLIS = Patience.MILLIS;

  private RawHttp() {}

  /** Status of the first answer; -1 when the connection ends without one. */
  static int statusOf(URI url, String request) throws IOException {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      String line = firstLine(socket.getInputStream());
      return line.startsWith("HTTP/1.") ? Integer.parseInt(line.substring(9, 12)) : -1;
    }
  }

  /** Everything until the server closes, and whether it did. */
  static Conversation converse(URI url, String request) throws IOException {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      boolean closed = true;
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketTimeoutException _) {
        closed = false;
      }
      return new Conversation(answer.toString(ISO_8859_1), closed);
    }
  }

  /**
   * What the server said.
   *
   * @param closed whether it ended the connection afterwards
   */
  record Conversation(String answer, boolean closed) {
    int status() {
      return answer.startsWith("HTTP/1.") ? Integer.parseInt(answer.substring(9, 12)) : -1;
    }
  }

  private static String firstLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }
}
