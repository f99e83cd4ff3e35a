package dev.barista.provider.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, and how much of it is kept. */
class ReplicaLogTest {

  private static final FunctionName FUNCTION = FunctionName.parse("fn");
  private static final ReplicaId REPLICA = new ReplicaId("fn-1");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000006Z");

  private @TempDir Path folder;

  private LogFolder logs(LogLimits limits) {
    return new LogFolder(folder, limits, () -> NOW);
  }

  private LogFolder logs() {
    return logs(new LogLimits(/* replicaBytes= */ 4_096, /* functionBytes= */ 1 << 20, days(1)));
  }

  private static Duration days(int days) {
    return Duration.ofDays(days);
  }

  private static long print(ReplicaLog log, String text) {
    return log.chunk(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  @Test
  void output_isInTheFileWithItsTime_andInTheLastLines() {
    ReplicaLog log = logs().open(FUNCTION, REPLICA);

    print(log, "one\ntw");
    print(log, "o\n\nthree");
    log.end();

    assertThat(log.lastLines()).containsExactly("one", "two", "", "three");
    assertThat(folder.resolve("openfaas-fn/fn/fn-1.000001.log"))
        .hasContent(
            """
            2026-01-02T03:04:05.000007Z F one
            2026-01-02T03:04:05.000007Z P tw
            2026-01-02T03:04:05.000008Z F o
            2026-01-02T03:04:05.000008Z F\s
            2026-01-02T03:04:05.000008Z P three
            2026-01-02T03:04:05.000009Z F\s
            """);
  }

  /** Else short lines would fill the disk many times faster than the budget says. */
  @Test
  void cost_isWhatWasWritten() {
    ReplicaLog log = logs().open(FUNCTION, REPLICA);

    assertThat(print(log, "\n\n\n")).isEqualTo(3L * (LineFormat.PREFIX + 1));
    assertThat(print(log, "text\n")).isEqualTo(LineFormat.PREFIX + 5);
  }

  @Test
  void endlessOutput_staysUnderTheCap() throws IOException {
    ReplicaLog log = logs().open(FUNCTION, REPLICA);
    for (int i = 0; i < 1_000; i++) {
      print(log, "line " + i + " of many that are all about as long as this one\n");
    }
    log.end();

    assertThat(bytes()).isLessThanOrEqualTo(4_096);
    assertThat(log.lastLines()).hasSize(20).last().asString().startsWith("line 999");
  }

  @Test
  void manyReplicas_shareWhatTheFunctionHas() {
    LogLimits limits = LogLimits.DEFAULT;

    assertThat(limits.fileBytes(1)).isEqualTo(512 << 10);
    assertThat(limits.fileBytes(64)).isEqualTo(512 << 10);
    assertThat(limits.fileBytes(400)).isEqualTo((64 << 20) / 800);
    assertThat(limits.fileBytes(1_000_000)).isEqualTo(32 << 10);
  }

  @Test
  void lineWithoutEnd_isCut() {
    ReplicaLog log = logs().open(FUNCTION, REPLICA);

    print(log, "x".repeat(100_000) + "\nnext\u0007\n");
    print(log, "y".repeat(400));

    assertThat(log.lastLines()).hasSize(3);
    assertThat(log.lastLines().getFirst()).hasSize(502).startsWith("…x").endsWith("x…");
    assertThat(log.lastLines()).element(1).isEqualTo("next?");
    assertThat(log.lastLines().getLast()).isEqualTo("y".repeat(400));
  }

  @Test
  void folderThatTakesNothing_costsTheLogOnly() throws IOException {
    Files.writeString(folder.resolve("openfaas-fn"), "a file where the folder should be");
    ReplicaLog log = logs().open(FUNCTION, REPLICA);

    print(log, "lost on disk\n");
    print(log, "and this\n");
    log.end();

    assertThat(log.lastLines()).containsExactly("lost on disk", "and this");
  }

  @Test
  void logsOfGoneReplicas_areKeptUpToTheirSize() throws IOException {
    LogFolder logs = logs(new LogLimits(4_096, /* functionBytes= */ 3L * 4_096, days(1)));
    for (int i = 0; i < 6; i++) {
      write(logs, "fn-" + i);
      Files.setLastModifiedTime(
          folder.resolve("openfaas-fn/fn/fn-" + i + ".000001.log"),
          FileTime.from(NOW.plusSeconds(i)));
    }

    logs.tidy(_ -> true);

    try (Stream<Path> files = Files.list(folder.resolve("openfaas-fn/fn"))) {
      assertThat(files)
          .extracting(file -> file.toFile().getName())
          .containsExactlyInAnyOrder("fn-3.000001.log", "fn-4.000001.log", "fn-5.000001.log");
    }
  }

  @Test
  void logsOfGoneReplicas_areKeptUpToTheirAge() throws IOException {
    LogFolder logs = logs();
    write(logs, "old");
    write(logs, "young");
    ReplicaLog running = logs.open(FUNCTION, new ReplicaId("running"));
    print(running, "hello\n");
    Path own = folder.resolve("openfaas-fn/fn");
    for (String replica : new String[] {"old", "running"}) {
      Files.setLastModifiedTime(
          own.resolve(replica + ".000001.log"), FileTime.from(NOW.minus(days(2))));
    }

    logs.tidy(_ -> true);

    assertThat(own.resolve("old.000001.log")).doesNotExist();
    assertThat(own.resolve("young.000001.log")).exists();
    assertThat(own.resolve("running.000001.log")).exists();
    running.end();
  }

  @Test
  void logsOfUnknownFunctions_areRemoved() {
    LogFolder logs = logs();
    write(logs, "one");

    logs.tidy(_ -> false);

    assertThat(folder.resolve("openfaas-fn/fn")).doesNotExist();
  }

  private static void write(LogFolder logs, String name) {
    ReplicaId replica = new ReplicaId(name);
    ReplicaLog log = logs.open(FUNCTION, replica);
    print(log, "hello\n");
    log.end();
    logs.close(FUNCTION, replica);
  }

  private long bytes() throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
