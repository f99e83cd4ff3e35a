package dev.barista.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.barista.spawn.Fd;
import dev.barista.spawn.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real control groups, where this user may make them: else these tests are aborted. */
@Timeout(120)
class CallsCgroupTest {

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final AtomicLong COUNTER = new AtomicLong();

  @TempDir Path folder;

  @Test
  void manyCalls_allRunInTheGroupAndTheWatchdogDoesNot() throws Exception {
    Path group = v1Group("pids");
    try (Fd tasks = Posix.openForWriting(group.resolve("tasks"))) {
      Set<String> reported = ConcurrentHashMap.newKeySet();
      try (var watchdog =
          RunningWatchdog.start(
              folder, "cat /proc/self/cgroup", CallsCgroup.VARIABLE, "" + tasks.number())) {
        var callers = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 4; i++) {
          callers.add(CompletableFuture.runAsync(() -> call(watchdog, 250, reported)));
        }
        callers.forEach(CompletableFuture::join);

        // The spawning threads alone, and none of the JVM's others.
        assertThat(Files.readAllLines(group.resolve("tasks")))
            .hasSize(2)
            .doesNotContain("" + ProcessHandle.current().pid());
      }

      assertThat(reported).containsExactly(String.valueOf(group.getFileName()));
    } finally {
      remove(group);
    }
  }

  @Test
  void processKilledForMemory_isToldSo() throws Exception {
    Path group = v1Group("memory");
    Files.writeString(group.resolve("memory.limit_in_bytes"), "8M");
    String function = RunningWatchdog.script(folder, "x=$(yes | head -c 100000000); echo ${#x}");
    try (Fd tasks = Posix.openForWriting(group.resolve("tasks"));
        Fd events = Posix.openForReading(group.resolve("memory.oom_control"))) {
      try (var watchdog =
          RunningWatchdog.start(
              folder,
              function,
              CallsCgroup.VARIABLE,
              tasks.number() + ",events:" + events.number())) {
        var answer = watchdog.get("/");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("signal: killed (out of memory: limits.memory)\n");
        assertThat(watchdog.get("/").statusCode()).isEqualTo(500);
      }
    } finally {
      remove(group);
    }
  }

  @Test
  void v2Group_isJoinedBeforeTheFunctionRuns() throws Exception {
    Path group = v2Group();
    try (Fd directory = Posix.openFolder(group);
        var watchdog =
            RunningWatchdog.start(
                folder,
                "cat /proc/self/cgroup",
                CallsCgroup.VARIABLE,
                "dir:" + directory.number())) {
      for (int i = 0; i < 20; i++) {
        assertThat(watchdog.get("/").body().lines())
            .anyMatch(line -> line.startsWith("0::") && line.endsWith("/" + group.getFileName()));
      }
      assertThat(watchdog.get("/").body()).doesNotContain("sh: ");
    } finally {
      remove(group);
    }
  }

  @Test
  void v2Trampoline_leavesNoDescriptor() throws Exception {
    Path group = v2Group();
    try (Fd procs = Posix.openForWriting(group.resolve("cgroup.procs"));
        var watchdog =
            RunningWatchdog.start(
                folder, "ls /proc/self/fd", CallsCgroup.VARIABLE, "" + procs.number())) {
      assertThat(watchdog.get("/").body()).isEqualTo("0\n1\n2\n3\n");
    } finally {
      remove(group);
    }
  }

  /** Bash would run the function, and the loader the library, before the group is joined. */
  @Test
  void codeInTheEnvironment_runsInTheGroupOnly() throws Exception {
    Path group = v2Group();
    try (Fd procs = Posix.openForWriting(group.resolve("cgroup.procs"));
        var watchdog =
            RunningWatchdog.start(
                folder,
                "env",
                CallsCgroup.VARIABLE,
                "" + procs.number(),
                "LD_PRELOAD",
                "/nowhere/evil.so",
                "BASH_FUNC_echo%%",
                "() { /bin/echo outside; }")) {
      String output = watchdog.get("/").body();

      assertThat(output)
          .contains("LD_PRELOAD=/nowhere/evil.so\n")
          .contains("BASH_FUNC_echo%%=() {")
          .doesNotContain("outside\n");
      // The loader complains for env, which the shell becomes, and for the function.
      assertThat(output.lines().filter(line -> line.contains("cannot be preloaded")))
          .hasSizeLessThanOrEqualTo(2);
    } finally {
      remove(group);
    }
  }

  @Test
  void closedOrUnknownDescriptor_isNamed() {
    assertThatThrownBy(() -> CallsCgroup.parse("99999"))
        .hasMessageContaining("BARISTA_CALLS_CGROUP_FDS: file descriptor 99999 is not open");
    assertThatThrownBy(() -> CallsCgroup.parse("what:1")).hasMessageContaining("what:1");
    assertThatThrownBy(() -> CallsCgroup.parse("1,,2")).hasMessageContaining("expected: N, dir:N");
  }

  @Test
  void killCount_isReadFromBothVersions() {
    assertThat(MemoryKills.parse("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n")).isEqualTo(3);
    assertThat(MemoryKills.parse("low 0\nhigh 0\nmax 9\noom 2\noom_kill 2\noom_group_kill 0\n"))
        .isEqualTo(2);
    assertThat(MemoryKills.parse("")).isZero();
  }

  /** Adds the last part of each group's path that a call reports for that controller. */
  private static void call(RunningWatchdog watchdog, int times, Set<String> reported) {
    for (int i = 0; i < times; i++) {
      try {
        watchdog
            .get("/")
            .body()
            .lines()
            .filter(line -> line.contains(":pids:"))
            .forEach(line -> reported.add(line.substring(line.lastIndexOf('/') + 1)));
      } catch (IOException | InterruptedException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private static Path v1Group(String controller) {
    Path parent = CGROUPS.resolve(controller);
    assumeThat(Files.exists(parent.resolve("tasks"))).as("cgroup v1 " + controller).isTrue();
    return make(parent);
  }

  private static Path v2Group() {
    Path unified = CGROUPS.resolve("unified");
    Path parent = Files.isDirectory(unified) ? unified : CGROUPS;
    assumeThat(Files.exists(parent.resolve("cgroup.controllers"))).as("cgroup v2").isTrue();
    return make(parent);
  }

  private static Path make(Path parent) {
    Path group =
        parent.resolve(
            "barista-test-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet());
    try {
      return Files.createDirectory(group);
    } catch (IOException failure) {
      assumeThat(failure).as("may make control groups here").isNull();
      throw new AssertionError(failure);
    }
  }

  /** Busy until the kernel has seen the last process and the spawning thread off. */
  private static void remove(Path group) {
    await().atMost(Duration.ofMinutes(1)).until(() -> group.toFile().delete());
  }
}
