package dev.barista.provider.process.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/** Sandboxes that see another folder as the host's {@code /etc}, which a test may change. */
public final class OtherEtc {

  private OtherEtc() {}

  /**
   * @param copies where the folder is made that they share
   */
  public static Jail of(Jail jail, Path etc, Path copies) throws IOException {
    SandboxJail sandbox = (SandboxJail) jail;
    return new SandboxJail(
        sandbox.bubblewrap(),
        sandbox.setpriv(),
        EtcFolder.open(etc, copies, sandbox.setpriv().isPresent()),
        sandbox.names());
  }
}
