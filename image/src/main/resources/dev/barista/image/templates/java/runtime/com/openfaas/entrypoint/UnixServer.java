package com.openfaas.entrypoint;

import com.sun.net.httpserver.HttpHandler;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves HTTP/1.1 on a Unix-domain socket, which only the gateway can open; the JDK's own server
 * listens on TCP alone. A virtual thread per connection.
 */
final class UnixServer {

  private static final int BACKLOG = 1024;

  private final ServerSocketChannel listener;
  private final HttpHandler handler;
  private final AtomicInteger busy = new AtomicInteger();

  UnixServer(Path socket, HttpHandler handler) throws IOException {
    this.handler = handler;
    Files.deleteIfExists(socket);
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
  }

  /** Accepts until it is stopped. */
  void run() throws IOException {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (ClosedChannelException e) {
      // stopped
    }
  }

  /** Takes no more connections, and returns when the running calls have ended or taken too long. */
  void stop(int seconds) {
    try {
      listener.close();
      long start = System.nanoTime();
      while (busy.get() > 0 && System.nanoTime() - start < seconds * 1_000_000_000L) {
        Thread.sleep(5);
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("ending without waiting for calls: " + e);
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      var in = new BufferedInputStream(Channels.newInputStream(channel));
      OutputStream out = Channels.newOutputStream(channel);
      try {
        while (answer(UnixExchange.read(in, out))) {
          // the next one on the same connection
        }
      } catch (UnixExchange.Refused refused) {
        String end = "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        String text = "HTTP/1.1 " + refused.getMessage() + end;
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // The gateway or its caller has left.
    }
  }

  /** Whether another request may follow. */
  private boolean answer(UnixExchange exchange) throws IOException {
    if (exchange == null) {
      return false;
    }
    busy.incrementAndGet();
    try {
      handler.handle(exchange);
      exchange.close();
    } finally {
      busy.decrementAndGet();
    }
    return exchange.keepsConnection();
  }
}
