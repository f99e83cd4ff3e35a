package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WatchdogMainTest {

  private static final Duration START = Duration.ofSeconds(60);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void healthcheck_tellsByTheLockFile() throws IOException {
    Map<String, String> environment = Map.of("TMPDIR", folder.toString());

    assertThat(run("-run-healthcheck", environment)).isEqualTo(1);
    assertThat(err.toString(UTF_8)).isEqualTo("unable to find lock file.\n");

    Files.createFile(folder.resolve(".lock"));
    assertThat(run("--run-healthcheck", environment)).isZero();
  }

  @Test
  void version_isPrinted() {
    assertThat(run("-version", Map.of())).isZero();
    assertThat(out.toString(UTF_8)).startsWith("barista watchdog ");
  }

  @Test
  void javaFlags_areThoseOfTheLaunch() {
    assertThat(run("--java-flags", Map.of())).isZero();
    assertThat(out.toString(UTF_8).strip().split(" "))
        .containsExactlyElementsOf(WatchdogLaunch.flags());
  }

  @Test
  void unknownArgument_isAnsweredWithTheUsage() {
    assertThat(run("--streaming", Map.of())).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("usage: watchdog [--classic");
  }

  @Test
  void faultsOfTheEnvironment_stopTheStart() {
    assertThat(run("--classic", Map.of("exec_timeout", "soon"))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("exec_timeout: 'soon'").contains("fprocess: not set");
  }

  @Test
  void trainingRun_endsByItself() throws IOException {
    assertThat(run("--training-run", Map.of("PATH", System.getenv("PATH")))).isZero();
  }

  @Test
  void sigterm_endsWithZeroAndWithoutLockFile() throws Exception {
    Path socket = folder.resolve("socket");
    Process process = start(socket);
    try {
      await().atMost(START).until(() -> answers(socket));
      assertThat(folder.resolve(".lock")).exists();

      process.destroy();

      assertThat(process.waitFor()).isZero();
      assertThat(folder.resolve(".lock")).doesNotExist();
      assertThat(Files.readString(folder.resolve("log")))
          .contains("Listening on ")
          .contains("Stopping: no longer healthy, calls are taken for 0s.");
    } finally {
      process.destroyForcibly();
    }
  }

  /** Java without a locale knows ASCII only, and containers seldom have one. */
  @Test
  void environmentInUtf8_reachesTheFunction_alsoWithoutALocale() throws Exception {
    Path socket = folder.resolve("socket");
    String setAndGo = "OWN=$(printf '\\303\\274') exec \"$@\"";
    Process process =
        start(
            socket,
            List.of("/bin/sh", "-c", setAndGo, "sh"),
            Map.of("fprocess", "env", "LC_ALL", "C"));
    try {
      await().atMost(START).until(() -> answers(socket));

      assertThat(get(socket, "/")).contains("OWN=\u00fc\n");
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whoever has given the socket is told to start another. */
  @Test
  void deletedLockFile_endsASupervisedWatchdog() throws Exception {
    Path socket = folder.resolve("socket");
    Process process = start(socket);
    try {
      await().atMost(START).until(() -> answers(socket));

      Files.delete(folder.resolve(".lock"));

      assertThat(process.waitFor()).isEqualTo(3);
      assertThat(Files.readString(folder.resolve("log"))).contains("The lock file was deleted");
      assertThat(socket).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(Path socket) throws IOException {
    return start(socket, List.of(), Map.of("fprocess", "cat"));
  }

  /** With the flags that replicas are started with. */
  private Process start(Path socket, List<String> before, Map<String, String> settings)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        WatchdogLaunch.arguments(System.getProperty("java.class.path"), Optional.empty()));
    command.add("--classic");
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(folder.resolve("log").toFile()));
    builder
        .environment()
        .putAll(
            Map.of(
                "TMPDIR", folder.toString(),
                "BARISTA_SOCKET", socket.toString()));
    builder.environment().putAll(settings);
    return builder.start();
  }

  private static boolean answers(Path socket) {
    try {
      return get(socket, "/_/health").startsWith("HTTP/1.1 200");
    } catch (IOException _) {
      return false;
    }
  }

  /** The whole answer. */
  private static String get(Path socket, String path) throws IOException {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(
          UTF_8.encode("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
      var answer = ByteBuffer.allocate(64 << 10);
      while (channel.read(answer) > 0) {
        // until the watchdog closes
      }
      return UTF_8.decode(answer.flip()).toString();
    }
  }

  private int run(String argument, Map<String, String> environment) {
    return WatchdogMain.run(
        List.of(argument),
        environment,
        new PrintStream(out, /* autoFlush= */ true, UTF_8),
        new PrintStream(err, /* autoFlush= */ true, UTF_8));
  }
}
