package dev.barista.provider.process;

import dev.barista.api.ReplicaId;
import dev.barista.provider.process.RunPlan.Kind;
import dev.barista.provider.process.cgroup.CgroupException;
import dev.barista.provider.process.cgroup.ReplicaGroup;
import dev.barista.provider.process.log.ReplicaLog;
import dev.barista.provider.process.sandbox.Jail;
import dev.barista.provider.process.sandbox.JailSpec;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.process.sandbox.ReplicaFolders;
import dev.barista.spawn.Child;
import dev.barista.spawn.Command;
import dev.barista.spawn.Environment;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.Fd;
import dev.barista.spawn.Posix;
import dev.barista.spawn.SpawnException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Starts each replica as a process in its jail, its cgroup and its own folders, and frees all three
 * when it has ended.
 */
final class ProcessLauncher implements ReplicaLauncher {

  /** Where a watchdog finds the files of its calls' cgroups; above what a shell uses itself. */
  private static final int FIRST_CALLS_FD = 20;

  private final Host host;
  private final ProcessLimits limits;
  private final Ports ports = new Ports();
  private final AtomicLong runs = new AtomicLong();
  private final Set<Run> running = ConcurrentHashMap.newKeySet();

  ProcessLauncher(Host host, ProcessLimits limits) {
    this.host = host;
    this.limits = limits;
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
    }
  }

  private ReplicaHandle start(
      ReplicaId replica,
      RunPlan plan,
      OptionalInt user,
      String token,
      Run.Resources resources,
      Watcher watcher)
      throws IOException {
    ReplicaGroup group = group(replica + "." + token, plan);
    resources.add(group::close);
    ReplicaFolders folders = new ReplicaFolders(host.runFolder().resolve(token));
    resources.add(folders::remove);
    SocketAddress address = address(plan.kind(), folders, resources);
    JailSpec spec =
        new JailSpec(
            plan.image().rootFolder(),
            plan.readable(),
            folders,
            user,
            limits,
            plan.spec().name().name(),
            group.joinFiles(),
            plan.command());
    List<Fd> callsFiles = callsFiles(group);
    try {
      Map<String, String> environment = environment(plan, spec, address, group, callsFiles);
      folders.make(user, environment);
      Command command =
          Command.of(host.jail().commandLine(spec, environment))
              .withEnvironment(Environment.of(Map.of("PATH", "/usr/bin:/bin")))
              .withFolder(Path.of("/"))
              .withPipe(1)
              .withSame(2, 1);
      for (int i = 0; i < callsFiles.size(); i++) {
        command = command.withFd(FIRST_CALLS_FD + i, callsFiles.get(i));
      }
      ReplicaLog log = host.logs().open(plan.spec().name(), replica);
      resources.add(() -> host.logs().close(plan.spec().name(), replica));
      Child child = host.spawner().spawn(command);
      Run run =
          new Run(replica + "." + token, child, group, log, host.jail().level(), plan, resources);
      running.add(run);
      host.pump().add(child.pipe(1), log);
      run.watch(host.pump(), address, user, watcher, () -> running.remove(run));
      return run;
    } finally {
      callsFiles.forEach(Fd::close);
    }
  }

  private ReplicaGroup group(String name, RunPlan plan) {
    return switch (plan.kind()) {
      case Kind.Watchdog _ -> host.cgroups().createWithCalls(name, plan.limits());
      case Kind.OwnSocket _, Kind.OwnPort _ -> host.cgroups().create(name, plan.limits());
    };
  }

  private SocketAddress address(Kind kind, ReplicaFolders folders, Run.Resources resources) {
    return switch (kind) {
      case Kind.Watchdog _, Kind.OwnSocket _ -> UnixDomainSocketAddress.of(folders.socket());
      case Kind.OwnPort(OptionalInt fixed) -> {
        if (fixed.isPresent()) {
          yield Ports.address(fixed.getAsInt());
        }
        int port = ports.take();
        resources.add(() -> ports.release(port));
        yield Ports.address(port);
      }
    };
  }

  private static List<Fd> callsFiles(ReplicaGroup group) {
    List<Fd> files = new ArrayList<>();
    group
        .calls()
        .ifPresent(
            calls -> {
              switch (calls) {
                case ReplicaGroup.CallsGroup.TasksFiles(List<Path> tasks) ->
                    tasks.forEach(file -> files.add(Posix.openForWriting(file)));
                case ReplicaGroup.CallsGroup.Folder(Path folder) ->
                    files.add(Posix.openFolder(folder));
              }
            });
    return files;
  }

  private Map<String, String> environment(
      RunPlan plan, JailSpec spec, SocketAddress address, ReplicaGroup group, List<Fd> callsFiles) {
    Jail jail = host.jail();
    Map<String, String> environment = new HashMap<>(plan.environment());
    environment.put("TMPDIR", jail.tmp(spec.folders()).toString());
    environment.putIfAbsent("HOME", jail.homeVariable(spec).toString());
    switch (plan.kind()) {
      case Kind.Watchdog _, Kind.OwnSocket _ ->
          environment.put("BARISTA_SOCKET", jail.socket(spec.folders()).toString());
      case Kind.OwnPort _ -> {
        // its port follows
      }
    }
    if (address instanceof InetSocketAddress tcp) {
      environment.put("PORT", Integer.toString(tcp.getPort()));
    }
    if (!callsFiles.isEmpty()) {
      environment.put("BARISTA_CALLS_CGROUP_FDS", callsFds(group, callsFiles.size()));
    }
    return environment;
  }

  private static String callsFds(ReplicaGroup group, int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String number = Integer.toString(FIRST_CALLS_FD + i);
      numbers.add(
          group.calls().orElseThrow() instanceof ReplicaGroup.CallsGroup.Folder
              ? "dir:" + number
              : number);
    }
    return String.join(",", numbers);
  }

  @Override
  public void close() {
    running.forEach(Run::kill);
    running.forEach(Run::awaitEnd);
  }
}
