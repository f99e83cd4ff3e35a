package dev.barista.provider.process;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits until something accepts connections at an address: an attempt costs microseconds while
 * nobody listens, so the pauses are 1 ms at first and 25 ms at most.
 */
final class Readiness {

  private static final int LONGEST_PAUSE_MILLIS = 25;

  private Readiness() {}

  /**
   * For a virtual thread of its own.
   *
   * @return false if {@code alive} ended first
   */
  static boolean await(SocketAddress address, BooleanSupplier alive) {
    int pause = 1;
    while (alive.getAsBoolean()) {
      if (accepts(address)) {
        return true;
      }
      try {
        Thread.sleep(Duration.ofMillis(pause));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause + 1);
    }
    return false;
  }

  static boolean accepts(SocketAddress address) {
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
