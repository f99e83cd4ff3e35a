package dev.barista.provider.process;

import dev.barista.api.ReplicaId;
import dev.barista.cgroup.CgroupException;
import dev.barista.cgroup.ProcessGroup;
import dev.barista.provider.process.RunPlan.Kind;
import dev.barista.provider.process.log.ReplicaLog;
import dev.barista.provider.process.sandbox.Jail;
import dev.barista.provider.process.sandbox.JailSpec;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.process.sandbox.ReplicaFolders;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.SecretStore;
import dev.barista.spawn.Child;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.Signals;
import dev.barista.spawn.SpawnException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Starts each replica as a process in its jail, its cgroup and its own folders, and frees all three
 * when it has ended.
 */
final class ProcessLauncher implements ReplicaLauncher {

  private static final int LONGEST_HOST_NAME = 63;

  private static final System.Logger LOG = System.getLogger(ProcessLauncher.class.getName());
  private static final String IMAGE_HOME = "/home/app";

  private final Host host;
  private final ProcessLimits limits;
  private final SecretStore secrets;
  private final StandbyShell standby;
  private final Ports ports = new Ports();
  private final AtomicLong runs = new AtomicLong();
  private final Set<Run> running = ConcurrentHashMap.newKeySet();
  private final UserCounts userCounts = new UserCounts();

  ProcessLauncher(Host host, ProcessLimits limits, SecretStore secrets) {
    this.host = host;
    this.limits = limits;
    this.secrets = secrets;
    this.standby = new StandbyShell(host.spawner());
  }

  @Override
  public ReplicaHandle launch(ReplicaId replica, RunPlan plan, int user, Watcher watcher) {
    String token = Long.toString(runs.incrementAndGet(), Character.MAX_RADIX);
    Run.Resources resources = new Run.Resources();
    try {
      return start(
          replica,
          plan,
          host.ownUsers() ? OptionalInt.of(user) : OptionalInt.empty(),
          token,
          resources,
          watcher);
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

  private ReplicaHandle start(
      ReplicaId replica,
      RunPlan plan,
      OptionalInt user,
      String token,
      Run.Resources resources,
      Watcher watcher)
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
            plan.command());
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
      ReplicaLog log = host.logs().open(plan.spec().name(), replica);
      resources.add(() -> host.logs().close(plan.spec().name(), replica));
      Child child = start(line, folders, calls);
      try {
        Run run =
            new Run(
                replica,
                replica + "." + token,
                child,
                group,
                log,
                host.jail().level(),
                plan,
                resources);
        host.pump().add(child.pipe(1), log);
        running.add(run);
        run.watch(host, address, user, new Refilling(standby, watcher), () -> running.remove(run));
        return run;
      } catch (RuntimeException e) {
        abandon(child);
        throw e;
      }
    }
  }

  /** What is handed down must be known before a process starts. */
  private Child start(List<String> line, ReplicaFolders folders, CallsFiles calls)
      throws IOException {
    Optional<Child> ready =
        calls.isEmpty() ? standby.become(line, folders.start()) : Optional.empty();
    return ready.orElseGet(() -> host.spawner().spawn(calls.givenTo(StandbyShell.command(line))));
  }

  /** Nobody else will ever reap it. Waits on a thread of its own, since a virtual one must not. */
  static void abandon(Child child) {
    child.signalGroup(Signals.SIGKILL);
    Thread.ofPlatform()
        .name("abandoned-" + child.pid())
        .daemon(true)
        .start(
            () -> {
              child.waitFor(Duration.ofMinutes(1));
              child.close();
            });
  }

  /** Released before the folders are, and after the replica's own processes have ended. */
  private void holdTogether(
      Escapees escapees, String token, OptionalInt user, Run.Resources resources) {
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

  private SocketAddress address(Kind kind, ReplicaFolders folders, Run.Resources resources) {
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

  /** The next shell starts when this replica's start is over, and takes no time from it. */
  private record Refilling(StandbyShell standby, Watcher watcher) implements Watcher {
    @Override
    public void ready(Endpoint endpoint) {
      watcher.ready(endpoint);
      standby.refill();
    }

    @Override
    public void ended(Ending ending) {
      watcher.ended(ending);
      standby.refill();
    }
  }

  @Override
  public void close() {
    standby.close();
    running.forEach(Run::kill);
    running.forEach(Run::awaitEnd);
  }
}
