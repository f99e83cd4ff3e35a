package dev.barista.server.serve;

import dev.barista.http.AddressText;
import dev.barista.http.HttpServer;
import dev.barista.http.HttpServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/** What is said of listeners: their settings' names, addresses, orderly end. */
final class Listeners {

  private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

  /** Fields of {@link HttpServerConfig} and the options that set them. */
  static final Map<String, String> SETTING_NAMES =
      Map.of(
          "maxTargetBytes", "--max-target-bytes",
          "maxHeaderBytes", "--max-header-bytes",
          "maxHeaderCount", "--max-headers",
          "maxBodyBytes", "--max-body",
          "readTimeout", "--read-timeout",
          "writeTimeout", "--write-timeout",
          "idleTimeout", "--idle-timeout",
          "maxConnections", "--max-connections");

  private Listeners() {}

  /** Lets calls in flight finish, as long as {@code timeout} allows. */
  static void drain(HttpServer server, Duration timeout) throws InterruptedException {
    if (!server.drain(timeout)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "calls were still running after "
              + timeout.toMillis()
              + " ms [--drain-timeout]; cut off");
    }
    server.close();
  }

  /** Where the gateway is reached, known in full when it listens. Thread-safe. */
  static final class Address {

    private final InetAddress host;
    private volatile int port;

    Address(HttpServerConfig config) {
      InetSocketAddress address = (InetSocketAddress) config.address();
      this.host = address.getAddress();
      this.port = address.getPort();
    }

    void bound(int port) {
      this.port = port;
    }

    int port() {
      return port;
    }

    /** For the user. */
    String url() {
      return url(port);
    }

    /** The same for another port of this address. */
    String url(int port) {
      return url(host, port);
    }

    /** For programs of this machine: a wildcard address is no destination. */
    String local() {
      return url(host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host, port);
    }

    private static String url(InetAddress at, int port) {
      return "http://" + AddressText.ipAndPort(new InetSocketAddress(at, port));
    }
  }
}
