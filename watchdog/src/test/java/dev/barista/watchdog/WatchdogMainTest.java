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

  /** With the flags that replicas are started with. */
  private Process start(Path socket) throws IOException {
    List<String> command = new ArrayList<>();
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
                "fprocess", "cat",
                "TMPDIR", folder.toString(),
                "BARISTA_SOCKET", socket.toString()));
    return builder.start();
  }

  private static boolean answers(Path socket) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(UTF_8.encode("GET /_/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
      var answer = ByteBuffer.allocate(1024);
      channel.read(answer);
      return UTF_8.decode(answer.flip()).toString().startsWith("HTTP/1.1 200");
    } catch (IOException _) {
      return false;
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
