package dev.barista.server.serve;

import dev.barista.cli.http.HttpClient;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The registries of {@code --allow-registry}. They themselves may be anywhere; where they redirect
 * to, or send for tokens, must be on the public network or in the list too, so that no registry
 * makes this gateway ask machines behind the firewall. The address is checked that is connected to,
 * whatever the name meant a moment ago. Immutable.
 */
final class AllowedRegistries implements HttpClient.AddressRule {

  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";
  private static final String OPEN = "http://";

  private final List<String> names;

  AllowedRegistries(List<String> names) {
    this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Where a registry is.
   *
   * @param name as in an image's name; {@code docker.io} for one without
   * @return empty when it isn't allowed
   */
  Optional<URI> find(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    for (String allowed : names) {
      if (host(allowed).equals(wanted)) {
        return Optional.of(address(allowed));
      }
    }
    return Optional.empty();
  }

  private static URI address(String allowed) {
    if (allowed.startsWith(OPEN)) {
      return URI.create(allowed);
    }
    String host = allowed.equals(DOCKER_HUB) ? DOCKER_HUB_HOST : allowed;
    return URI.create((isLoopback(host) ? OPEN : "https://") + host);
  }

  /** As Docker has it: a registry of this machine needs no TLS. */
  private static boolean isLoopback(String host) {
    return host.matches("(localhost|127(\\.[0-9]{1,3}){3})(:[0-9]+)?");
  }

  private static String host(String allowed) {
    return allowed.startsWith(OPEN) ? allowed.substring(OPEN.length()) : allowed;
  }

  @Override
  public void check(String host, int port, InetAddress address) throws IOException {
    if (isPublic(address)) {
      return;
    }
    for (String allowed : names) {
      URI known = address(allowed);
      int knownPort =
          known.getPort() >= 0 ? known.getPort() : "https".equals(known.getScheme()) ? 443 : 80;
      if (String.valueOf(known.getHost()).equalsIgnoreCase(host) && knownPort == port) {
        return;
      }
    }
    throw new IOException(
        host
            + " is an address of a private network, where a registry must not lead to"
            + " [--allow-registry]");
  }

  /** What the world can reach. RFC 6890 has the others. */
  static boolean isPublic(InetAddress address) {
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes, 0);
  }

  private static boolean isPublic4(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    boolean shared = first == 100 && (second & 0xc0) == 64; // carriers' own
    boolean benchmark = first == 198 && (second & 0xfe) == 18;
    boolean own =
        first == 10
            || (first == 172 && (second & 0xf0) == 16)
            || (first == 192 && (second == 168 || second == 0))
            || (first == 169 && second == 254);
    return first != 0 && first != 127 && first < 224 && !shared && !benchmark && !own;
  }

  /** Global unicast only; what carries an IPv4 address is as public as that. */
  private static boolean isPublic6(byte[] bytes) {
    boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
    if (sixToFour) {
      return isPublic4(bytes, 2);
    }
    boolean translated = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff;
    if (translated) {
      return isPublic4(bytes, 12);
    }
    return (bytes[0] & 0xe0) == 0x20; // 2000::/3
  }
}
