package dev.barista.provider.process;

import dev.barista.api.FunctionSpec;
import dev.barista.cgroup.GroupLimits;
import dev.barista.image.HostImage;
import dev.barista.provider.spi.InvocationPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One version of a function, ready to be run: every decision that doesn't depend on the single
 * replica is made.
 *
 * @param kind who listens
 * @param command of the replica's process, its first word an absolute path or a path in the
 *     function's files
 * @param readable host paths that a sandbox must show
 * @param environment less what depends on the replica (socket, port, folders)
 */
record RunPlan(
    FunctionSpec spec,
    HostImage image,
    Kind kind,
    List<String> command,
    List<Path> readable,
    Map<String, String> environment,
    InvocationPolicy policy,
    GroupLimits limits,
    Admission.Request request) {

  /** Who accepts the calls. */
  sealed interface Kind {
    /** The function's own server, on the socket of {@code BARISTA_SOCKET}. */
    record OwnSocket() implements Kind {}

    /**
     * The function's own server, on TCP.
     *
     * @param fixedPort that its image insists on, so that only one replica can run; else it takes
     *     {@code PORT}
     */
    record OwnPort(OptionalInt fixedPort) implements Kind {}

    /**
     * A watchdog that starts the function's program for each call, or serves its files.
     *
     * @param classic whether it is the classic watchdog; else its mode is in its environment
     */
    record Watchdog(boolean classic) implements Kind {}
  }

  /** Whether only one process of the function can run at a time. */
  boolean isExclusive() {
    return kind instanceof Kind.OwnPort(OptionalInt fixedPort) && fixedPort.isPresent();
  }

  /** What the function's own server must answer with success before it counts as ready. */
  Optional<String> readyPath() {
    return kind instanceof Kind.Watchdog
        ? Optional.empty()
        : Optional.ofNullable(environment.get("ready_path")).filter(path -> path.startsWith("/"));
  }

  RunPlan {
    command = List.copyOf(command);
    readable = List.copyOf(readable);
    environment = Map.copyOf(environment);
  }
}
