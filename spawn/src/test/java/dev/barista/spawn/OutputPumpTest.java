package dev.barista.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputPumpTest {

  private static final OutputPump.Budget SMALL = new OutputPump.Budget(256 << 10, 4 << 20);

  private final Spawner spawner = Spawner.start("test-spawner");
  private final OutputPump pump = OutputPump.start("test-pump", SMALL);

  @AfterEach
  void close() {
    pump.close();
    spawner.close();
  }

  @Test
  void output_arrivesWholeAndThenEnds() throws InterruptedException {
    var sink = new Collecting();
    Child child = start("printf 'one\\ntwo\\n'");

    pump.add(child.pipe(1), sink);

    sink.ended.await();
    assertThat(sink.text.toString()).isEqualTo("one\ntwo\n");
    assertThat(child.pipe(1).isOpen()).isFalse();
    end(child);
  }

  @Test
  void outputBeyondTheBudget_isDelayedButNotLost() throws InterruptedException {
    var sink = new Counting();
    Child child = start("head -c 600000 /dev/zero");

    pump.add(child.pipe(1), sink);

    sink.ended.await();
    assertThat(sink.bytes).isEqualTo(600_000);
    end(child);
  }

  @Test
  void hundredEndlessWriters_starveNobody() throws InterruptedException {
    List<Child> noisy = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Child child = start("exec yes");
      noisy.add(child);
      pump.add(child.pipe(1), new Counting());
    }
    var quiet = new Collecting();
    Child child = start("echo heard");

    pump.add(child.pipe(1), quiet);

    quiet.ended.await();
    assertThat(quiet.text.toString()).isEqualTo("heard\n");
    noisy.forEach(OutputPumpTest::end);
    end(child);
  }

  @Test
  void exit_isToldOnce_beforeTheChildIsReaped() throws InterruptedException {
    Child child = start("exit 3");
    var told = new CountDownLatch(1);
    var statuses = new ArrayList<ExitStatus>();

    pump.onExit(
        child,
        () -> {
          statuses.add(child.reap());
          told.countDown();
        });

    told.await();
    assertThat(statuses).containsExactly(new ExitStatus.Exited(3));
    child.close();
  }

  private Child start(String script) {
    return spawner.spawn(Command.of(List.of("/bin/sh", "-c", script)).withPipe(1).withSame(2, 1));
  }

  private static void end(Child child) {
    child.signalGroup(Signals.SIGKILL);
    assertThat(child.waitFor(java.time.Duration.ofMinutes(1))).isPresent();
  }

  private static class Counting implements OutputPump.Sink {
    final CountDownLatch ended = new CountDownLatch(1);
    long bytes;

    @Override
    public long chunk(ByteBuffer chunk) {
      bytes += chunk.remaining();
      return chunk.remaining();
    }

    @Override
    public void end() {
      ended.countDown();
    }
  }

  private static final class Collecting extends Counting {
    final StringBuilder text = new StringBuilder();

    @Override
    public long chunk(ByteBuffer chunk) {
      int length = chunk.remaining();
      text.append(UTF_8.decode(chunk));
      return length;
    }
  }
}
