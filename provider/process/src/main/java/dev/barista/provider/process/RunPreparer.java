package dev.barista.provider.process;

import dev.barista.api.ReplicaId;
import dev.barista.cgroup.CgroupException;
import dev.barista.cgroup.ProcessGroup;
import dev.barista.provider.process.RunPlan.Kind;
import dev.barista.provider.process.sandbox.Jail;
import dev.barista.provider.process.sandbox.JailSpec;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.process.sandbox.ReplicaFolders;
import dev.barista.provider.spi.SecretStore;
import dev.barista.spawn.Child;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.SpawnException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes what a replica's process gets (its group, folders, environment and secrets) and starts it
 * in its jail. Thread-safe.
 */
final class RunPreparer {

  private static final System.Logger LOG = System.getLogger(RunPreparer.class.getName());

  private static final int LONGEST_HOST_NAME = 63;
  private static final String IMAGE_HOME = "/home/app";

  private final Host host;
  private final ProcessLimits limits;
  private final SecretStore secrets;
  private final StandbyShell standby;
  private final Ports ports = new Ports();
  private final AtomicLong runs = new AtomicLong();
  private final UserCounts userCounts = new UserCounts();

  RunPreparer(Host host, ProcessLimits limits, SecretStore secrets, StandbyShell standby) {
    this.host = host;
    this.limits = limits;
    this.secrets = secrets;
    this.standby = standby;
  }

  /**
   * @param standsBy whether its last shell waits for {@link PreparedRun#go}
   * @throws LaunchException with one sentence for the user; nothing is left then
   */
  PreparedRun prepare(ReplicaId replica, RunPlan plan, int user, boolean standsBy) {
    String token = Long.toString(runs.incrementAndGet(), Character.MAX_RADIX);
    RunResources resources = new RunResources();
    try {
      return start(
          replica,
          plan,
          host.ownUsers() ? OptionalInt.of(user) : OptionalInt.empty(),
          token,
          resources,
          standsBy);
    } catch (CgroupException | SpawnException | ErrnoException | IOException e) {
      resources.close();
      throw new LaunchException("can't start a replica: " + e.getMessage(), e);
    } catch (LaunchException e) {
      resources.close();
      throw e;
    } catch (RuntimeException e) {
      resources.close();
      LOG.log(System.Logger.Level.ERROR, "a replica could not be started", e);
      throw new LaunchException("can't start a replica: the provider's log says why", e);
    }
  }

  /**
   * The replica's name, as a container's is; of a long one the end, which tells replicas apart: the
   * kernel takes 64 characters.
   */
  private static String hostName(ReplicaId replica) {
    String name = replica.value();
    return name.substring(Math.max(0, name.length() - LONGEST_HOST_NAME)).replaceFirst("^-+", "");
  }

  private PreparedRun start(
      ReplicaId replica,
      RunPlan plan,
      OptionalInt user,
      String token,
      RunResources resources,
      boolean standsBy)
      throws IOException {
    ProcessGroup group = group(replica + "." + token, plan, user);
    resources.add(group::close);
    ReplicaFolders folders = new ReplicaFolders(host.runFolder().resolve(token));
    resources.add(folders::remove);
    host.escapees().ifPresent(escapees -> holdTogether(escapees, token, user, resources));
    Path secretFolder = host.secretFolder().resolve(token);
    resources.add(() -> ReplicaFolders.removeTree(secretFolder));
    SocketAddress address = address(plan.kind(), folders, resources);
    JailSpec spec =
        new JailSpec(
            plan.image().rootFolder(),
            plan.readable(),
            folders,
            user,
            limits,
            plan.limits().processes(),
            hostName(replica),
            group.joinFiles(),
            SecretFiles.make(secretFolder, plan.spec(), secrets, user),
            plan.command(),
            standsBy);
    try (CallsFiles calls = CallsFiles.open(group)) {
      Map<String, String> environment = environment(plan, spec, address, token);
      if (plan.kind() instanceof Kind.Watchdog) {
        Map<String, String> watchdog = watchdogEnvironment(spec, calls, token);
        folders.make(user, watchdog, host.jail().hasOwnTmp());
        folders.giveFunctionEnvironment(user, environment);
        environment = watchdog;
      } else {
        folders.make(user, environment, host.jail().hasOwnTmp());
      }
      host.jail().prepare(spec);
      List<String> line = host.jail().commandLine(spec, environment);
      HostFiles shown = standsBy ? HostFiles.at(plan.readable()) : HostFiles.NONE;
      Child child = standsBy ? startStandingBy(line, calls) : start(line, folders, calls);
      return new PreparedRun(
          replica, plan, token, address, user, secretFolder, shown, group, child, resources);
    }
  }

  /** What is handed down must be known before a process starts. */
  private Child start(List<String> line, ReplicaFolders folders, CallsFiles calls)
      throws IOException {
    Optional<Child> ready =
        calls.isEmpty() ? standby.become(line, folders.start()) : Optional.empty();
    return ready.orElseGet(() -> host.spawner().spawn(calls.givenTo(StandbyShell.command(line))));
  }

  private Child startStandingBy(List<String> line, CallsFiles calls) {
    return host.spawner().spawn(calls.givenTo(StandbyShell.command(line)).withPipe(0));
  }

  /** Released before the folders are, and after the replica's own processes have ended. */
  private void holdTogether(
      Escapees escapees, String token, OptionalInt user, RunResources resources) {
    user.ifPresent(
        id -> {
          userCounts.enter(id);
          resources.add(() -> userCounts.leave(id, () -> escapees.endUsers(u -> u == id)));
        });
    resources.add(() -> escapees.endRun(token));
  }

  private ProcessGroup group(String name, RunPlan plan, OptionalInt user) {
    return switch (plan.kind()) {
      case Kind.Watchdog _ -> host.cgroups().createWithCalls(name, plan.limits(), user);
      case Kind.OwnSocket _, Kind.OwnPort _ -> host.cgroups().create(name, plan.limits());
    };
  }

  private SocketAddress address(Kind kind, ReplicaFolders folders, RunResources resources) {
    return switch (kind) {
      case Kind.Watchdog _, Kind.OwnSocket _ -> UnixDomainSocketAddress.of(folders.socket());
      case Kind.OwnPort(OptionalInt fixed) -> {
        if (fixed.isPresent()) {
          yield unused(Ports.address(fixed.getAsInt()));
        }
        int port = ports.take();
        resources.add(() -> ports.release(port));
        yield Ports.address(port);
      }
    };
  }

  /** Else another program would be taken for the replica. */
  private static InetSocketAddress unused(InetSocketAddress address) {
    if (Readiness.accepts(address)) {
      throw new LaunchException(
          "port %d, which upstream_url names, is in use by another program"
              .formatted(address.getPort()),
          new IOException("in use"));
    }
    return address;
  }

  /** Of the function's own process or processes. */
  private Map<String, String> environment(
      RunPlan plan, JailSpec spec, SocketAddress address, String token) {
    Jail jail = host.jail();
    Map<String, String> environment = new HashMap<>(plan.environment());
    environment.put("TMPDIR", jail.tmp(spec.folders()).toString());
    environment.putIfAbsent("HOME", jail.homeVariable(spec).toString());
    switch (plan.kind()) {
      case Kind.OwnSocket _ ->
          environment.put("BARISTA_SOCKET", jail.socket(spec.folders()).toString());
      case Kind.OwnPort _, Kind.Watchdog _ -> {
        // its port follows; it is called by its watchdog
      }
    }
    if (environment.getOrDefault("mode", "").equals("static")) {
      environment.put("static_path", staticPath(environment, jail.home(spec)));
    }
    if (address instanceof InetSocketAddress tcp) {
      environment.put("PORT", Integer.toString(tcp.getPort()));
    }
    jail.secrets(spec)
        .ifPresent(folder -> environment.put(SecretFiles.VARIABLE, folder.toString()));
    host.escapees().ifPresent(e -> environment.put(Escapees.VARIABLE, e.mark(token)));
    return environment;
  }

  /** Where the image's files are in this jail; in an image, and in a sandbox, in /home/app. */
  private static String staticPath(Map<String, String> environment, Path home) {
    Path path = Path.of(environment.getOrDefault("static_path", IMAGE_HOME + "/public"));
    return path.startsWith(IMAGE_HOME)
        ? home.resolve(Path.of(IMAGE_HOME).relativize(path)).toString()
        : home.resolve(path).toString();
  }

  /**
   * Nothing of the function's: {@code JAVA_TOOL_OPTIONS}, {@code LD_PRELOAD} and the like would run
   * its code in the watchdog, outside the limits, or keep the watchdog from starting.
   */
  private Map<String, String> watchdogEnvironment(JailSpec spec, CallsFiles calls, String token) {
    Jail jail = host.jail();
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("LC_ALL", "C.UTF-8"); // so that Java can name any file
    environment.put("TMPDIR", jail.tmp(spec.folders()).toString());
    environment.put("BARISTA_SOCKET", jail.socket(spec.folders()).toString());
    environment.put(
        "BARISTA_FUNCTION_ENVIRONMENT", jail.functionEnvironment(spec.folders()).toString());
    if (!calls.isEmpty()) {
      environment.put(CallsFiles.VARIABLE, calls.variable());
    }
    host.escapees().ifPresent(e -> environment.put(Escapees.VARIABLE, e.mark(token)));
    return environment;
  }
}
