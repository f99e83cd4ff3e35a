package dev.barista.provider.spi;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * Where a replica accepts HTTP/1.1.
 *
 * @param address a Unix-domain socket or host:port
 */
public record Endpoint(SocketAddress address) {
  public Endpoint {
    requireNonNull(address, "address");
    if (!(address instanceof UnixDomainSocketAddress || address instanceof InetSocketAddress)) {
      throw new IllegalArgumentException(
          "address: " + address + " (expected: a Unix-domain socket or host:port)");
    }
  }
}
