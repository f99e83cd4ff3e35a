package dev.barista.server.serve;

import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.gateway.routes.BasicAuth;
import dev.barista.gateway.routes.HostNames;
import dev.barista.gateway.routes.OriginGuard;
import dev.barista.http.Gatekeeper;
import dev.barista.server.config.ServeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may administer, made from the settings.
 *
 * @param hint for the user: where the password is
 */
record AdminGate(Gatekeeper gatekeeper, Optional<String> hint) {

  /**
   * @throws ServeException when the password can't be read or made
   */
  static AdminGate of(ServeConfig config, ErrorAnswers errors) {
    ServeConfig.Admin admin = config.admin();
    HostNames names = new HostNames(boundNames(config), admin.publicHosts());
    if (!admin.password()) {
      return new AdminGate(
          new OriginGuard(names, /* checkHost= */ true, Gatekeeper.OPEN, errors),
          Optional.of("Warning: --auth none lets everyone who reaches this port run code here"));
    }
    Credentials credentials = Credentials.load(admin.secrets(), admin.makePassword());
    return new AdminGate(
        new OriginGuard(
            names,
            /* checkHost= */ false,
            new BasicAuth(credentials.user(), credentials.password(), errors),
            errors),
        Optional.of(
            "User "
                + credentials.user()
                + ", password in "
                + admin.secrets().resolve(Credentials.PASSWORD_FILE)));
  }

  private static List<String> boundNames(ServeConfig config) {
    InetAddress bound = ((InetSocketAddress) config.listener().address()).getAddress();
    Stream<String> addresses = bound.isAnyLocalAddress() ? ownAddresses() : Stream.of(shown(bound));
    return Stream.concat(Stream.of(config.admin().bindAddress()), addresses).distinct().toList();
  }

  /** Of a wildcard address: all that this machine answers to. */
  private static Stream<String> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(AdminGate::shown);
    } catch (SocketException e) {
      return Stream.empty();
    }
  }

  /** Without the interface that Java appends to link-local addresses. */
  private static String shown(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
