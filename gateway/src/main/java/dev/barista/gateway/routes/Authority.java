package dev.barista.gateway.routes;

import java.util.Locale;
import java.util.Optional;

/**
 * Host and port of a {@code Host} header or an {@code Origin}.
 *
 * @param host lower case, IPv6 addresses without brackets, no dot at the end
 * @param port 0 = not given
 * @param defaultPort what a missing port means: 80, 443, or 0 = not known
 */
record Authority(String host, int port, int defaultPort) {

  private static final int MAX_PORT = 65_535;

  /** Of a {@code Host} header; empty when it is none. */
  static Optional<Authority> parse(String text) {
    return parse(text, 0);
  }

  /** Of an {@code Origin} header; empty for {@code null} and for schemes other than http(s). */
  static Optional<Authority> ofOrigin(String origin) {
    if (origin.startsWith("http://")) {
      return parse(origin.substring("http://".length()), 80);
    }
    return origin.startsWith("https://")
        ? parse(origin.substring("https://".length()), 443)
        : Optional.empty();
  }

  private static Optional<Authority> parse(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon >= 0 && text.indexOf(']', colon) < 0;
    String host = hasPort ? text.substring(0, colon) : text;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    String portText = hasPort ? text.substring(colon + 1) : "0";
    if (host.isEmpty() || !portText.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(portText);
    return port > MAX_PORT
        ? Optional.empty()
        : Optional.of(new Authority(host.toLowerCase(Locale.ROOT), port, defaultPort));
  }

  /**
   * Whether an origin's authority is a Host header's. A port left out of one means the default of
   * the origin's scheme: behind a proxy that speaks TLS only the origin knows it.
   */
  boolean sameAs(Authority hostHeader) {
    int own = port == 0 ? defaultPort : port;
    int other = hostHeader.port == 0 ? defaultPort : hostHeader.port;
    return host.equals(hostHeader.host) && own == other;
  }
}
