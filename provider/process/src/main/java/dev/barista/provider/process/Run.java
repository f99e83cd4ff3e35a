package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ReplicaId;
import dev.barista.cgroup.ProcessGroup;
import dev.barista.provider.process.log.ReplicaLog;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.ReplicaUsage;
import dev.barista.spawn.Child;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.Posix;
import dev.barista.spawn.Signals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of a replica, from its start until nothing of it is left. */
final class Run implements ReplicaHandle {

  private static final System.Logger LOG = System.getLogger(Run.class.getName());

  /** What a shell and bubblewrap add to the number of the signal that ended their child. */
  private static final int SIGNAL_EXIT_BASE = 128;

  /** By which a watchdog tells that its lock file is gone. */
  private static final int TAKEN_OUT = 3;

  private static final String LEFT_AT_ONCE =
      "its process ended without a fault (exit status 0) before it accepted a connection: a"
          + " function of mode http is a server that stays in the foreground";

  private static final int PATIENCE_SECONDS = 10;

  private final ReplicaId replica;
  private final String name;
  private final Child child;
  private final ProcessGroup group;
  private final ReplicaLog log;
  private final IsolationLevel level;
  private final RunPlan plan;
  private final SocketAddress address;
  private final OptionalInt user;
  private final RunResources resources;
  private final CountDownLatch ended = new CountDownLatch(1);

  // Mutable state
  private volatile String stolenPort = "";
  private volatile boolean wasReady;

  Run(PreparedRun prepared, ReplicaLog log, IsolationLevel level) {
    this.replica = prepared.replica();
    this.name = prepared.name();
    this.child = prepared.child();
    this.group = prepared.group();
    this.plan = prepared.plan();
    this.address = prepared.address();
    this.user = prepared.user();
    this.resources = prepared.resources();
    this.log = requireNonNull(log, "log");
    this.level = requireNonNull(level, "level");
  }

  /** Tells the watcher of readiness and of the end. */
  void watch(Host host, ReplicaLauncher.Watcher watcher, Runnable forget) {
    Thread.ofVirtual().name("ready-" + name).start(() -> awaitReady(host, watcher));
    host.pump()
        .onExit(
            child,
            () ->
                Thread.ofVirtual()
                    .name("end-" + name)
                    .start(
                        () -> {
                          try {
                            ReplicaLauncher.Ending ending = finish();
                            forget.run();
                            watcher.ended(ending);
                          } finally {
                            ended.countDown();
                          }
                        }));
  }

  private void awaitReady(Host host, ReplicaLauncher.Watcher watcher) {
    try (SocketBell bell = SocketBell.of(host.folderWatch(), address)) {
      if (!Readiness.await(address, plan.readyPath(), () -> !isEnding(), bell)) {
        return;
      }
    }
    if (address instanceof InetSocketAddress tcp
        && user.isPresent()
        && !Ports.listensAs(tcp.getPort(), user.getAsInt())) {
      stolenPort = "another process listens on its port " + tcp.getPort();
      kill();
      return;
    }
    wasReady = true;
    watcher.ready(new Endpoint(address));
  }

  private boolean isEnding() {
    return ended.getCount() == 0 || child.hasEnded();
  }

  /** Ends what the process left behind, and frees everything. */
  private ReplicaLauncher.Ending finish() {
    group.kill();
    child.signalGroup(Signals.SIGKILL); // while it isn't reaped the group's number is its own
    ExitStatus status = child.reap();
    log.awaitEnd();
    child.pidFd().close(); // the pipe is the pump's
    String reason = reason(status);
    resources.close();
    return new ReplicaLauncher.Ending(reason, log.lastLines());
  }

  private String reason(ExitStatus status) {
    if (!stolenPort.isEmpty()) {
      return stolenPort;
    }
    if (group.oomKills() > 0 && !status.isSuccess()) {
      return plan.spec()
          .limits()
          .memory()
          .map(limit -> "OOMKilled: it used more memory than limits.memory, " + limit)
          .orElse("OOMKilled: this node has no memory left for functions");
    }
    boolean watchdog = plan.kind() instanceof RunPlan.Kind.Watchdog;
    return switch (status) {
      case ExitStatus.Exited(int code) when code == TAKEN_OUT && watchdog ->
          "its lock file was deleted, which takes it out";
      case ExitStatus.Exited(int code) when code == 0 && !watchdog && !wasReady -> LEFT_AT_ONCE;
      case ExitStatus.Exited(int code) when code > SIGNAL_EXIT_BASE && code < 160 ->
          "its process ended: " + new ExitStatus.Signaled(code - SIGNAL_EXIT_BASE).describe();
      case ExitStatus.Exited _, ExitStatus.Signaled _ -> "its process ended: " + status.describe();
    };
  }

  /** A watchdog whose calls have ended has nothing to finish; asked to end, it would wait. */
  @Override
  public void terminate() {
    if (plan.kind() instanceof RunPlan.Kind.Watchdog) {
      kill();
      return;
    }
    Thread.ofVirtual().name("stop-" + name).start(this::askToEnd);
  }

  private void askToEnd() {
    try {
      switch (level) {
        case USER, NONE -> child.signal(Signals.SIGTERM);
        case SANDBOX -> {
          List<Integer> main = sandboxed();
          if (main.isEmpty()) {
            kill();
          }
          main.forEach(pid -> Posix.kill(pid, Signals.SIGTERM));
        }
      }
    } catch (ErrnoException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "can't ask " + name + " to end: " + e);
    }
  }

  /** bubblewrap → the first process of its namespace → the replica's own. */
  private List<Integer> sandboxed() {
    return children(child.pid()).flatMap(Run::children).toList();
  }

  private static Stream<Integer> children(int pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
      return Stream.of(text.split(" ")).filter(word -> !word.isBlank()).map(Integer::valueOf);
    } catch (IOException e) {
      return Stream.of(); // it ended meanwhile
    }
  }

  @Override
  public void kill() {
    Thread.ofVirtual()
        .name("kill-" + name)
        .start(
            () -> {
              group.kill();
              if (ended.getCount() > 0) {
                child.signalGroup(Signals.SIGKILL);
              }
            });
  }

  /** By the group where there is one, else by a look at each process. */
  @Override
  public ReplicaUsage usage() {
    OptionalLong cpu = group.cpuNanos();
    OptionalLong memory = group.memoryBytes();
    if ((cpu.isEmpty() || memory.isEmpty()) && !isEnding()) {
      ProcessTree.Usage processes = ProcessTree.usage(child.pid());
      cpu = cpu.isPresent() ? cpu : processes.cpuNanos();
      memory = memory.isPresent() ? memory : processes.memoryBytes();
    }
    return new ReplicaUsage(replica, cpu, memory);
  }

  @Override
  public List<String> lastLogLines() {
    return log.lastLines();
  }

  /** Waits until nothing of it is left. */
  void awaitEnd() {
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, () -> name + " doesn't end though it was killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
