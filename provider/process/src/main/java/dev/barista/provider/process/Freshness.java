package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.provider.process.sandbox.Jail;
import dev.barista.provider.spi.SecretStore;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Tells whether what was made ahead is what would be made now: secrets, ports and programs of the
 * host may be others than then. Thread-safe.
 */
record Freshness(Jail jail, SecretStore secrets) {

  Freshness {
    requireNonNull(jail, "jail");
    requireNonNull(secrets, "secrets");
  }

  /** What sandboxes share is brought up to date. A failure is told by the start of a new one. */
  boolean has(PreparedRun prepared) {
    try {
      jail.refresh();
      return SecretFiles.areCurrent(prepared.secretFolder(), prepared.plan().spec(), secrets)
          && prepared.shown().areInPlace()
          && (!(prepared.address() instanceof InetSocketAddress tcp)
              || Ports.isFree(tcp.getPort()));
    } catch (IOException | RuntimeException e) {
      System.getLogger(Freshness.class.getName())
          .log(System.Logger.Level.DEBUG, "a sandbox on standby is of no use", e);
      return false;
    }
  }
}
