package dev.barista.gateway.invoke;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.barista.provider.spi.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A replica that agrees to WebSockets and breaks the connection of every other call, sometimes in
 * the middle of the answer.
 */
final class RudeServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  RudeServer() throws IOException {
    Thread.ofVirtual().name("rude-accept").start(this::acceptAll);
  }

  Endpoint endpoint() {
    return new Endpoint(listener.getLocalSocketAddress());
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().name("rude").start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      if (head.indexOf("Upgrade: websocket") >= 0 || head.indexOf("upgrade: websocket") >= 0) {
        write(
            socket,
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: a\r\n\r\n");
        while (socket.getInputStream().read() >= 0) {
          // until the client has gone
        }
      } else if (head.indexOf("ANSWER") >= 0) {
        write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
      }
    } catch (IOException e) {
      // the gateway broke it first
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
