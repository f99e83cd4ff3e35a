package dev.barista.server.serve;

import dev.barista.cgroup.Delegation;
import dev.barista.cli.Terminal;
import dev.barista.spawn.Posix;

/** Gets this process a control group of its own, so that it can bound what it starts. */
public final class OwnGroup {

  private static final System.Logger LOG = System.getLogger(OwnGroup.class.getName());

  private OwnGroup() {}

  /**
   * Asks the systemd of a user who isn't root: then this process begins anew, inside the group. It
   * goes on where it is when there is nothing to be had or to be gained.
   */
  public static void enter(Terminal terminal) {
    terminal.out().flush();
    if (new Delegation(terminal.environment(), Posix::become).enter()
        instanceof Delegation.Outcome.Refused(String reason)) {
      LOG.log(System.Logger.Level.DEBUG, () -> "no group delegated by systemd: " + reason);
    }
  }
}
