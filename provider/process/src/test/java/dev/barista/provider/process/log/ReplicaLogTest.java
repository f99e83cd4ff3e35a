package dev.barista.provider.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaLogTest {

  private static final FunctionName FUNCTION = FunctionName.parse("fn");
  private static final ReplicaId REPLICA = new ReplicaId("fn-1");

  private @TempDir Path folder;

  private LogFolder logs() {
    return new LogFolder(folder, new LogLimits(/* fileBytes= */ 1_024, /* filesPerFunction= */ 2));
  }

  private static void print(ReplicaLog log, String text) {
    log.chunk(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  @Test
  void output_isInTheFileAndInTheLastLines() throws IOException {
    ReplicaLog log = logs().open(FUNCTION, REPLICA);

    print(log, "one\ntw");
    print(log, "o\nthree");
    log.end();

    assertThat(log.lastLines()).containsExactly("one", "two", "three");
    assertThat(folder.resolve("openfaas-fn/fn/fn-1.log")).hasContent("one\ntwo\nthree");
  }

  @Test
  void endlessOutput_staysUnderTheCap() throws IOException {
    ReplicaLog log = logs().open(FUNCTION, REPLICA);
    for (int i = 0; i < 1_000; i++) {
      print(log, "line " + i + " of many that are all about as long as this one\n");
    }
    log.end();

    assertThat(bytes()).isLessThanOrEqualTo(2 * 1_024);
    assertThat(log.lastLines()).hasSize(20).last().asString().startsWith("line 999");
  }

  @Test
  void lineWithoutEnd_isCut() {
    ReplicaLog log = logs().open(FUNCTION, REPLICA);

    print(log, "x".repeat(100_000) + "\nnext\u0007\n");

    assertThat(log.lastLines()).hasSize(2);
    assertThat(log.lastLines().getFirst()).hasSize(501).endsWith("…");
    assertThat(log.lastLines().getLast()).isEqualTo("next?");
  }

  @Test
  void folderThatTakesNothing_costsTheLogOnly() throws IOException {
    Files.writeString(folder.resolve("openfaas-fn"), "a file where the folder should be");
    ReplicaLog log = logs().open(FUNCTION, REPLICA);

    print(log, "lost on disk\n");
    log.end();

    assertThat(log.lastLines()).containsExactly("lost on disk");
  }

  @Test
  void logsOfGoneReplicas_areKeptUpToTheirNumber() throws IOException {
    LogFolder logs = logs();
    for (int i = 0; i < 6; i++) {
      ReplicaId replica = new ReplicaId("fn-" + i);
      ReplicaLog log = logs.open(FUNCTION, replica);
      print(log, "hello\n");
      log.end();
      logs.close(FUNCTION, replica);
    }

    try (Stream<Path> files = Files.list(folder.resolve("openfaas-fn/fn"))) {
      assertThat(files).hasSize(2);
    }
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
