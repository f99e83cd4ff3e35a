package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.process.sandbox.IsolationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A platform that is killed leaves nothing behind. */
class OrphanTest {

  private @TempDir Path folder;

  @BeforeEach
  void letOthersPass() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @EnumSource
  void killedPlatform_takesItsReplicasWithIt(IsolationLevel level) throws Exception {
    RequiredTools.requireProgram("bwrap");
    RequiredTools.require(RequiredTools.isRoot(), "root, for users of their own and cgroups");
    Process platform = startPlatform(level);
    List<Long> replicas = replicasOf(platform);

    platform.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(replicas).noneMatch(OrphanTest::lives));
  }

  @Test
  void nextStart_endsWhatEscapedAndRemovesItsFolders() throws Exception {
    RequiredTools.require(RequiredTools.isRoot(), "root, for cgroups");
    Process platform = startPlatform(IsolationLevel.NONE);
    // In a session of its own, this one is out of reach of every signal to the replica.
    long escaped = escapedFrom(platform);
    platform.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    assertThat(lives(escaped)).isTrue();

    TestHost host = new TestHost(folder.resolve("again"));
    try (ReplicaFixture fixture =
        new ReplicaFixture(
            host, onData(host.config(IsolationRequest.NONE), folder.resolve("first/data")))) {
      assertThat(lives(escaped)).isFalse();
      try (Stream<Path> runs = Files.list(folder.resolve("first/data/run"))) {
        assertThat(runs).isEmpty();
      }
      assertThat(fixture.listener.events()).isEmpty();
    }
  }

  private static ProcessProviderConfig onData(ProcessProviderConfig config, Path data) {
    return new ProcessProviderConfig(
        data,
        config.isolation(),
        config.capacity(),
        config.limits(),
        config.processesPerReplica(),
        config.processesTogether(),
        config.logs(),
        config.patience(),
        config.watchdog(),
        config.gatewayUrl(),
        config.release(),
        config.sha());
  }

  /** Another JVM with a provider and one replica that has started a background process. */
  private Process startPlatform(IsolationLevel level) throws IOException {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                VictimPlatform.class.getName(),
                folder.resolve("first").toString(),
                level.name())
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
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> commandLine(pid).strip().equals(command))
        .findFirst()
        .orElseThrow();
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
