package dev.barista.provider.process.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.LogLine;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the contract doesn't know of: files, their change, their loss, and readers beside writers.
 */
class LogReaderTest {

  private static final FunctionName FUNCTION = FunctionName.parse("fn");
  private static final LogQuery ALL = LogQuery.all(FUNCTION);

  private @TempDir Path folder;

  private LogFolder logs(long replicaBytes) {
    return new LogFolder(
        folder, new LogLimits(replicaBytes, 64 << 20, Duration.ofDays(1)), Instant::now);
  }

  private static void print(ReplicaLog log, String text) {
    log.chunk(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private static List<String> read(LogFolder logs, LogQuery query) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    try (LogStream stream = logs.read(query)) {
      for (List<LogLine> lines = stream.next(); !lines.isEmpty(); lines = stream.next()) {
        lines.forEach(line -> texts.add(line.text()));
      }
    }
    return texts;
  }

  @Test
  void nothingWritten_isNothingToRead() throws InterruptedException {
    assertThat(read(logs(1 << 20), ALL)).isEmpty();
    assertThat(read(logs(1 << 20), ALL.withTail(5))).isEmpty();
  }

  @Test
  void linesInParts_areOneLine_andVeryLongOnesAreSeveral() throws InterruptedException {
    LogFolder logs = logs(1 << 20);
    ReplicaLog log = logs.open(FUNCTION, new ReplicaId("fn-1"));

    print(log, "a");
    print(log, "b");
    print(log, "c\n" + "x".repeat(40_000) + "\n\nnot yet");

    List<String> texts = read(logs, ALL);
    assertThat(texts).hasSize(5);
    assertThat(texts.getFirst()).isEqualTo("abc");
    assertThat(texts.subList(1, 4))
        .extracting(String::length)
        .containsExactly(16_384, 16_384, 40_000 - 2 * 16_384);
    assertThat(texts.getLast()).isEmpty();

    log.end();
    assertThat(read(logs, ALL)).last().isEqualTo("not yet");
  }

  @Test
  void oldStartsLogs_areReadToo() throws InterruptedException {
    LogFolder before = logs(1 << 20);
    ReplicaLog log = before.open(FUNCTION, new ReplicaId("fn-1"));
    print(log, "before\n");
    log.end();

    LogFolder after = logs(1 << 20);
    ReplicaLog other = after.open(FUNCTION, new ReplicaId("fn-2"));
    print(other, "after\n");

    assertThat(read(after, ALL)).containsExactly("before", "after");
  }

  @Test
  void damagedLine_isToldAsALoss() throws Exception {
    LogFolder logs = logs(1 << 20);
    ReplicaLog log = logs.open(FUNCTION, new ReplicaId("fn-1"));
    print(log, "one\n");
    Files.writeString(
        folder.resolve("openfaas-fn/fn/fn-1.000001.log"),
        "\0\0\0half a li\n",
        StandardOpenOption.APPEND);
    print(log, "two\nthree\n");

    assertThat(read(logs, ALL)).containsExactly("one", LogCursor.LOST, "two", "three");
  }

  /** It missed what was removed before it came to it, is told so, and holds nothing of it. */
  @Test
  void readerThatIsTooSlow_isToldOfItsLoss() throws InterruptedException {
    LogFolder logs = logs(256 << 10);
    ReplicaLog log = logs.open(FUNCTION, new ReplicaId("fn-1"));
    print(log, "first\n");
    try (LogStream stream = logs.read(ALL.following())) {
      assertThat(stream.next()).extracting(LogLine::text).containsExactly("first");

      for (int i = 0; i < 20_000; i++) {
        print(log, "line " + i + "\n");
      }

      List<String> texts = new ArrayList<>();
      while (!texts.contains("line 19999")) {
        stream.next().forEach(line -> texts.add(line.text()));
      }
      assertThat(texts).contains(LogCursor.LOST).hasSizeLessThan(15_000);
    }
  }

  /**
   * Many replicas write as their pump does, while others read: all lines, each once, each replica's
   * by time. Over all replicas a follower is by time only for what was there when it looked: a line
   * that is being written meanwhile comes with the next look.
   */
  @Test
  void followers_getEveryLineOnceAndInOrder() throws Exception {
    int replicas = 8;
    int lines = 4_000;
    LogFolder logs = logs(16 << 20);
    Thread pump =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  List<ReplicaLog> open = new ArrayList<>();
                  for (int i = 0; i < replicas; i++) {
                    open.add(logs.open(FUNCTION, new ReplicaId("fn-" + i)));
                  }
                  for (int line = 0; line < lines; line++) {
                    int replica = ThreadLocalRandom.current().nextInt(replicas);
                    print(open.get(replica), line + (line % 3 == 0 ? "" : "\n"));
                    if (line % 3 == 0) {
                      print(open.get(replica), "\n");
                    }
                  }
                  open.forEach(ReplicaLog::end);
                });
    try (LogStream stream = logs.read(ALL.following())) {
      pump.start();

      List<LogLine> read = new ArrayList<>();
      while (read.size() < lines) {
        read.addAll(stream.next());
      }

      pump.join();
      assertThat(
              read.stream()
                  .collect(
                      Collectors.groupingBy(
                          LogLine::replica, Collectors.mapping(LogLine::time, Collectors.toList())))
                  .values())
          .hasSize(replicas)
          .allSatisfy(times -> assertThat(times).isSorted());
      Map<String, Integer> lastOf = new HashMap<>();
      for (LogLine line : read) {
        int number = Integer.parseInt(line.text());
        assertThat(number).isGreaterThan(lastOf.getOrDefault(line.replica().value(), -1));
        lastOf.put(line.replica().value(), number);
      }
      assertThat(read).extracting(LogLine::text).doesNotHaveDuplicates().hasSize(lines);
    }
  }

  @Test
  void times_areReadAsTheyWereWritten() {
    LineFormat format = new LineFormat();
    for (String time :
        List.of(
            "2026-01-02T03:04:05.000006Z",
            "1970-01-01T00:00:00Z",
            "2024-02-29T23:59:59.999999Z",
            "2099-12-31T12:00:00.100000Z")) {
      long micros = LineFormat.micros(Instant.parse(time));
      byte[] line = format.prefix(micros, LineFormat.WHOLE).clone();

      assertThat(new LineFormat().time(line, 0, line.length)).isEqualTo(micros);
      assertThat(LineFormat.instant(micros)).isEqualTo(Instant.parse(time));
    }
    byte[] none = "no time at all, but long enough for one".getBytes(UTF_8);
    assertThat(format.time(none, 0, none.length)).isEqualTo(-1);
  }

  @Test
  void nothingIsKeptInMemory_whenNobodyWritesOrReads() {
    LogFolder logs = logs(1 << 20);
    LogStream stream = logs.read(ALL.following());
    assertThat(logs.inMemory()).isEqualTo(1);
    stream.close();
    assertThat(logs.inMemory()).isZero();
    logs.open(FUNCTION, new ReplicaId("fn-1")).end();
    logs.close(FUNCTION, new ReplicaId("fn-1"));
    assertThat(logs.inMemory()).isZero();
  }
}
