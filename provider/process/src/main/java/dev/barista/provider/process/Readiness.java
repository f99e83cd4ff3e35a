package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Waits until something accepts connections at an address. A socket's file is told of by a {@link
 * SocketBell}; then the listener is a matter of microseconds. Where nothing rings, it is asked
 * again and again: an attempt costs microseconds while nobody listens, so a replica that is ready
 * within the usual time is noticed after a millisecond; one that takes seconds doesn't need that.
 */
final class Readiness {

  /** The first attempts, about a quarter of a second, have the shortest pause. */
  private static final int QUICK_ATTEMPTS = 200;

  private static final int LONGEST_PAUSE_MILLIS = 25;

  /** Between a socket's bind, which makes its file, and its listen. */
  private static final int LISTEN_ATTEMPTS = 50;

  private static final Duration LISTEN_PAUSE = Duration.ofNanos(100_000);

  private Readiness() {}

  /**
   * For a virtual thread of its own.
   *
   * @param path of which also a GET must succeed, if any
   * @return false if {@code alive} ended first
   */
  static boolean await(
      SocketAddress address, Optional<String> path, BooleanSupplier alive, SocketBell bell) {
    boolean accepted = false;
    int refusals = 0;
    for (int attempt = 0; alive.getAsBoolean(); attempt++) {
      accepted = accepted || accepts(address);
      if (accepted && (path.isEmpty() || succeeds(address, path.get()))) {
        return true;
      }
      try {
        if (accepted || !bell.canRing()) {
          Thread.sleep(pause(attempt));
        } else if (isThere(address) && refusals++ < LISTEN_ATTEMPTS) {
          Thread.sleep(LISTEN_PAUSE);
        } else {
          bell.await(Duration.ofMillis(LONGEST_PAUSE_MILLIS));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private static Duration pause(int attempt) {
    return Duration.ofMillis(Math.clamp(attempt - QUICK_ATTEMPTS, 1, LONGEST_PAUSE_MILLIS));
  }

  static boolean accepts(SocketAddress address) {
    if (!isThere(address)) {
      return false; // a tenth of the price of a refused connection
    }
    try (SocketChannel channel = open(address)) {
      return channel.connect(address);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isThere(SocketAddress address) {
    return !(address instanceof UnixDomainSocketAddress unix) || Files.exists(unix.getPath());
  }

  /** Whether a GET of a path is answered by 200..399, as a probe of Kubernetes asks. */
  static boolean succeeds(SocketAddress address, String path) {
    try (SocketChannel channel = open(address)) {
      channel.connect(address);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
      ByteBuffer start = ByteBuffer.allocate("HTTP/1.1 200".length());
      while (start.hasRemaining() && channel.read(start) >= 0) {
        // until the status is there
      }
      String status = new String(start.array(), 0, start.position(), US_ASCII);
      return status.matches("HTTP/1\\.[01] [23].*");
    } catch (IOException e) {
      return false;
    }
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }
}
