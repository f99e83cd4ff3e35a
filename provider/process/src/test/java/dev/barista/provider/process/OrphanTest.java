package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.provider.process.VictimPlatform.Held;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.process.sandbox.IsolationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A platform that is killed leaves nothing behind. */
class OrphanTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private @TempDir Path folder;

  @BeforeEach
  void letOthersPass() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Below a sandbox, what left its session lives on until the next start. */
  @AfterEach
  void endWhatEscaped() throws IOException {
    startAgain().close();
  }

  @ParameterizedTest
  @EnumSource
  void killedPlatform_takesItsReplicasWithIt(IsolationLevel level) throws Exception {
    RequiredTools.requireProgram("bwrap");
    RequiredTools.require(RequiredTools.isRoot(), "root, for users of their own and cgroups");
    Process platform = startPlatform(level, Held.BY_CGROUP);
    List<Long> replicas = replicasOf(platform);

    platform.destroyForcibly().waitFor(PATIENCE);

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(replicas).noneMatch(OrphanTest::lives));
  }

  @ParameterizedTest
  @CsvSource({"NONE, BY_CGROUP", "NONE, BY_VARIABLE", "USER, BY_USER"})
  void nextStart_endsWhatEscapedAndRemovesItsFolders(IsolationLevel level, Held held)
      throws Exception {
    RequiredTools.require(RequiredTools.isRoot(), "root, for cgroups and users");
    Process platform = startPlatform(level, held);
    // In a session of its own, this one is out of reach of every signal to the replica.
    long escaped = escapedFrom(platform);
    platform.destroyForcibly().waitFor(PATIENCE);
    assertThat(lives(escaped)).isTrue();

    try (ReplicaFixture fixture = startAgain()) {
      assertThat(lives(escaped)).isFalse();
      try (Stream<Path> runs = Files.list(folder.resolve("first/data/run"))) {
        assertThat(runs).isEmpty();
      }
      assertThat(fixture.listener.events()).isEmpty();
    }
  }

  /** The next platform on the data folder of the one that was killed. */
  private ReplicaFixture startAgain() throws IOException {
    TestHost host = new TestHost(Files.createTempDirectory(folder, "again"));
    ProcessProviderConfig config = host.config(IsolationRequest.NONE);
    return new ReplicaFixture(host, config.withDataFolder(folder.resolve("first/data")));
  }

  /** Another JVM with a provider and one replica that has started a background process. */
  private Process startPlatform(IsolationLevel level, Held held) throws IOException {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                VictimPlatform.class.getName(),
                folder.resolve("first").toString(),
                level.name(),
                held.name())
            .redirectErrorStream(true)
            .start();
    try (var lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.equals("ready")) {
        line = lines.readLine();
      }
      assertThat(line).isEqualTo("ready");
    }
    return process;
  }

  private static List<Long> replicasOf(Process platform) {
    List<Long> replicas = platform.descendants().map(ProcessHandle::pid).toList();
    assertThat(replicas).isNotEmpty();
    return replicas;
  }

  private static long escapedFrom(Process platform) {
    String command = VictimPlatform.escapeOf(platform.pid());
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> processOf(command), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<Long> processOf(String command) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> commandLine(pid).strip().equals(command))
        .findFirst();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /** A zombie that nobody has reaped yet is dead all the same. */
  private static boolean lives(long pid) {
    return !commandLine(pid).isEmpty();
  }
}
