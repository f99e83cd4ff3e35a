package dev.barista.cli.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;

/**
 * Sends a call on a connection of its own. Bodies stream both ways. Knows no redirects, cookies or
 * proxies. Blocking; thread-safe.
 *
 * @param verifyTls false accepts any certificate
 * @param rule which addresses it may connect to
 */
public record HttpClient(boolean verifyTls, AddressRule rule) {

  /** Decides on each address of a name, just before it is connected to. */
  @FunctionalInterface
  public interface AddressRule {
    /**
     * @throws IOException with a sentence, when nothing there may be reached
     */
    void check(String host, int port, InetAddress address) throws IOException;
  }

  /** A class rather than a lambda, whose linkage costs a fresh process 10 ms. */
  private static final class Anywhere implements AddressRule {
    @Override
    public void check(String host, int port, InetAddress address) {}
  }

  private static final int CONNECT_MILLIS = 5_000;
  private static final int BUFFER_BYTES = 16 << 10;

  /** May connect to anything. */
  public HttpClient(boolean verifyTls) {
    this(verifyTls, new Anywhere());
  }

  /**
   * Returns when the head of the answer is there.
   *
   * @throws ConnectException when nothing listens there
   * @throws SocketTimeoutException when the server is silent for too long
   */
  public HttpAnswer send(HttpCall call) throws IOException {
    Socket socket = connect(call.uri());
    try {
      socket.setSoTimeout(Math.toIntExact(call.answerTimeout().toMillis()));
      BodySender sender = call.body().sender();
      OutputStream out = socket.getOutputStream();
      out.write(head(call, sender).getBytes(ISO_8859_1));
      InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
      try {
        sender.send(out);
      } catch (IOException broken) {
        return earlyAnswer(in, socket, call, broken);
      }
      return AnswerReader.read(in, socket, call.method());
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** A server that refuses a body answers and closes without reading all of it. */
  private static HttpAnswer earlyAnswer(
      InputStream in, Socket socket, HttpCall call, IOException broken) throws IOException {
    try {
      return AnswerReader.read(in, socket, call.method());
    } catch (IOException e) {
      broken.addSuppressed(e);
      throw broken;
    }
  }

  private static String head(HttpCall call, BodySender sender) {
    StringBuilder head = new StringBuilder(256);
    String path = call.uri().getRawPath();
    head.append(call.method()).append(' ').append(path.isEmpty() ? "/" : path);
    if (call.uri().getRawQuery() != null) {
      head.append('?').append(call.uri().getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(call.uri().getRawAuthority()).append("\r\n");
    for (HttpCall.Header header : call.headers()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    sender.framing(call.method()).ifPresent(line -> head.append(line).append("\r\n"));
    return head.append("Connection: close\r\n\r\n").toString();
  }

  private Socket connect(URI uri) throws IOException {
    boolean tls = "https".equals(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    Socket socket = connect(uri.getHost(), port);
    if (!tls) {
      return socket;
    }
    try {
      return Tls.over(socket, uri.getHost(), port, verifyTls, Duration.ofMillis(CONNECT_MILLIS));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Tries each address of the name: {@code localhost} may be ::1, where nobody listens. */
  private Socket connect(String host, int port) throws IOException {
    IOException last = null;
    for (InetAddress address : InetAddress.getAllByName(host)) {
      rule.check(host, port, address);
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last == null ? new ConnectException("no address of " + host) : last;
  }
}
