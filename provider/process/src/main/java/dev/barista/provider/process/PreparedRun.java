package dev.barista.provider.process;

import dev.barista.api.ReplicaId;
import dev.barista.cgroup.ProcessGroup;
import dev.barista.spawn.Child;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.Posix;
import dev.barista.spawn.Signals;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A run whose group, folders and jail are made, and whose first process is started. Whoever has it
 * makes a {@link Run} of it or {@link #discard discards} it.
 *
 * @param token tells it from the other runs of this start
 * @param address where it will listen
 * @param user its uid, where it has one
 * @param secretFolder of its own, if its function has secrets
 * @param shown of the host to its sandbox, if that stands by
 * @param resources to be freed when its processes have ended
 */
record PreparedRun(
    ReplicaId replica,
    RunPlan plan,
    String token,
    SocketAddress address,
    OptionalInt user,
    Path secretFolder,
    HostFiles shown,
    ProcessGroup group,
    Child child,
    RunResources resources) {

  String name() {
    return replica + "." + token;
  }

  /**
   * Lets one that stands by become its function's process.
   *
   * @return false if it isn't there any more
   */
  boolean go() {
    try {
      Posix.writeText(child.pipe(0), "go\n");
      child.pipe(0).close();
      return !child.hasEnded();
    } catch (ErrnoException e) {
      return false;
    }
  }

  /** Ends it. Waits for it on a thread of its own, since a virtual one must not; then frees all. */
  Thread discard() {
    return Thread.ofPlatform()
        .name("discarded-" + name())
        .daemon(true)
        .start(
            () -> {
              group.kill();
              child.signalGroup(Signals.SIGKILL);
              ProcessLauncher.awaitEnd(child);
              resources.close();
            });
  }
}
