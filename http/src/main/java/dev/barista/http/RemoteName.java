package dev.barista.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a client's connection. */
final class RemoteName {

  private static final SocketAddress NAMELESS = InetSocketAddress.createUnresolved("unix", 0);

  // Mutable state
  private SocketAddress address = NAMELESS;
  private @Nullable String text;

  void set(@Nullable SocketAddress connected) {
    if (connected instanceof InetSocketAddress) {
      address = connected;
    }
  }

  SocketAddress address() {
    return address;
  }

  /** {@code ip:port}; {@code unix} for a client on a Unix-domain socket. Made when first asked. */
  String text() {
    String known = text;
    if (known == null) {
      known =
          address instanceof InetSocketAddress inet && !inet.isUnresolved()
              ? AddressText.ipAndPort(inet)
              : "unix";
      text = known;
    }
    return known;
  }
}
