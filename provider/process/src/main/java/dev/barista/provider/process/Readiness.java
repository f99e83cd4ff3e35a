package dev.barista.provider.process;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits until something accepts connections at an address. An attempt costs microseconds while
 * nobody listens, so a replica that is ready within the usual time is noticed after a millisecond;
 * one that takes seconds doesn't need that.
 */
final class Readiness {

  /** The first attempts, about a quarter of a second, have the shortest pause. */
  private static final int QUICK_ATTEMPTS = 200;

  private static final int LONGEST_PAUSE_MILLIS = 25;

  private Readiness() {}

  /**
   * For a virtual thread of its own.
   *
   * @return false if {@code alive} ended first
   */
  static boolean await(SocketAddress address, BooleanSupplier alive) {
    for (int attempt = 0; alive.getAsBoolean(); attempt++) {
      if (accepts(address)) {
        return true;
      }
      try {
        Thread.sleep(pause(attempt));
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
    if (address instanceof UnixDomainSocketAddress unix && !Files.exists(unix.getPath())) {
      return false; // a tenth of the price of a refused connection
    }
    try (SocketChannel channel = open(address)) {
      return channel.connect(address);
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
