package dev.barista.server.serve;

import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.gateway.routes.BasicAuth;
import dev.barista.gateway.routes.HostNames;
import dev.barista.gateway.routes.OriginGuard;
import dev.barista.http.Access;
import dev.barista.http.AddressText;
import dev.barista.http.Answer;
import dev.barista.http.Gatekeeper;
import dev.barista.http.RequestHead;
import dev.barista.server.config.ServeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
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
    Credentials credentials = Credentials.load(admin.secrets(), admin.makePassword());
    BasicAuth basic = new BasicAuth(credentials.user(), credentials.password(), errors);
    if (!admin.password()) {
      return new AdminGate(
          new OriginGuard(names, /* checkHost= */ true, new PasswordOnly(basic), errors),
          Optional.of("Warning: --auth none lets everyone who reaches this port run code here"));
    }
    return new AdminGate(
        new OriginGuard(names, /* checkHost= */ false, basic, errors),
        Optional.of(
            "User "
                + credentials.user()
                + ", password in "
                + admin.secrets().resolve(Credentials.PASSWORD_FILE)));
  }

  /** {@code --auth none}: images are programs that stay, so pushing them needs a password still. */
  private record PasswordOnly(Gatekeeper basic) implements Gatekeeper {
    @Override
    public Optional<Answer> refusal(RequestHead head, Access access) {
      return switch (access) {
        case PUBLIC, ADMIN -> Optional.empty();
        case PASSWORD -> basic.refusal(head, access);
      };
    }
  }

  /** Whether a registry's name in an image's name means this gateway, at that port. */
  static Predicate<String> ownRegistry(ServeConfig config, IntSupplier port) {
    HostNames names = new HostNames(boundNames(config), List.of());
    Set<String> published = Set.copyOf(config.admin().publicHosts());
    return name -> {
      int colon = name.lastIndexOf(':');
      String host = colon < 0 ? name : name.substring(0, colon);
      boolean ownPort = colon >= 0 && name.substring(colon + 1).equals("" + port.getAsInt());
      return published.contains(host) || (ownPort && names.contains(host));
    };
  }

  /** As browsers write them in {@code Host}, whatever the user typed. */
  static List<String> boundNames(ServeConfig config) {
    InetAddress bound = ((InetSocketAddress) config.listener().address()).getAddress();
    Stream<String> addresses =
        bound.isAnyLocalAddress() ? ownAddresses() : Stream.of(AddressText.ip(bound));
    return Stream.concat(Stream.of(config.admin().bindAddress()), addresses).distinct().toList();
  }

  /** Of a wildcard address: all that this machine answers to. */
  private static Stream<String> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(AddressText::ip);
    } catch (SocketException e) {
      return Stream.empty();
    }
  }
}
