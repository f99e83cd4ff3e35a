package dev.barista.provider.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Free TCP ports of the loopback address, each given to one replica at a time. Another process of
 * the host can still take one before the replica does: {@link #listensAs} tells. Thread-safe.
 */
final class Ports {

  private static final int ATTEMPTS = 100;
  private static final String LISTEN_STATE = "0A";

  private final Set<Integer> given = new HashSet<>();

  /**
   * @throws LaunchException when there is none
   */
  synchronized int take() {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = free();
      if (given.add(port)) {
        return port;
      }
    }
    throw new LaunchException("no free TCP port", new IOException("every port is taken"));
  }

  synchronized void release(int port) {
    given.remove(port);
  }

  private static int free() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address(0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new LaunchException("no free TCP port: " + e.getMessage(), e);
    }
  }

  /** Whether no program of the host has taken one that was given a while ago. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Whether every socket that listens on the port belongs to that user. */
  static boolean listensAs(int port, int user) {
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .map(Path::of)
        .flatMap(Ports::lines)
        .map(line -> line.strip().split(" +"))
        .filter(fields -> fields.length > 7 && fields[3].equals(LISTEN_STATE))
        .filter(fields -> portOf(fields[1]) == port)
        .allMatch(fields -> fields[7].equals(Integer.toString(user)));
  }

  private static int portOf(String localAddress) {
    return Integer.parseInt(localAddress.substring(localAddress.indexOf(':') + 1), 16);
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream().skip(1);
    } catch (IOException e) {
      return Stream.of(); // no IPv6
    }
  }
}
