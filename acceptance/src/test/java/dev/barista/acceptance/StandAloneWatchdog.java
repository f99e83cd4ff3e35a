package dev.barista.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ./barista watchdog} on a free port, as in an image of one's own. */
final class StandAloneWatchdog implements AutoCloseable {

  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final int port;
  private final Path log;

  private StandAloneWatchdog(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * @param folder in which the function's files are
   */
  static StandAloneWatchdog start(
      Path folder, boolean classic, String fprocess, Map<String, String> settings) {
    int port = Ports.free();
    int upstream = Ports.free();
    List<String> command =
        new ArrayList<>(List.of(Barista.home().resolve("barista").toString(), "watchdog"));
    if (classic) {
      command.add("--classic");
    }
    try {
      Path tmp = Files.createTempDirectory("watchdog");
      Path log = tmp.resolve("log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(log.toFile()));
      builder
          .environment()
          .putAll(
              Map.of(
                  "fprocess",
                  fprocess,
                  "port",
                  Integer.toString(port),
                  "BARISTA_METRICS_PORT",
                  "off",
                  "healthcheck_interval",
                  "0",
                  "TMPDIR",
                  tmp.toString(),
                  "PORT",
                  Integer.toString(upstream),
                  "upstream_url",
                  "http://127.0.0.1:" + upstream));
      builder.environment().putAll(settings);
      StandAloneWatchdog watchdog = new StandAloneWatchdog(builder.start(), port, log);
      watchdog.awaitListening();
      return watchdog;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListening() throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException refused) {
        if (!process.isAlive() || System.nanoTime() - start > START_NANOS) {
          process.destroyForcibly();
          throw new IOException("the watchdog does not listen: " + log(), refused);
        }
        Thread.onSpinWait();
      }
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  String log() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the watchdog does not end after SIGTERM: " + log());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
