package dev.barista.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FdLoopTest {

  private final FdLoop loop = FdLoop.start("test-loop");

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void tasks_runInOrderOnTheLoop() throws InterruptedException {
    var order = new ArrayList<Integer>();
    var done = new CountDownLatch(1);

    for (int i = 0; i < 100; i++) {
      int number = i;
      loop.execute(() -> order.add(number));
    }
    loop.execute(done::countDown);

    done.await();
    assertThat(order).hasSize(100).isSorted();
  }

  @Test
  void timers_runByTimeAndNotAfterCancel() throws InterruptedException {
    var order = new ArrayList<String>();
    var done = new CountDownLatch(1);

    loop.execute(
        () -> {
          loop.schedule(
              Duration.ofMillis(30),
              () -> {
                order.add("late");
                done.countDown();
              });
          loop.schedule(Duration.ofMillis(10), () -> order.add("never")).cancel();
          loop.schedule(Duration.ofMillis(5), () -> order.add("early"));
        });

    done.await();
    assertThat(order).containsExactly("early", "late");
  }

  @Test
  void failingTask_isNotTheEndOfTheLoop() throws InterruptedException {
    var done = new CountDownLatch(1);

    loop.execute(
        () -> {
          throw new IllegalStateException("on purpose, from a test");
        });
    loop.execute(done::countDown);

    done.await();
    assertThat(done.getCount()).isZero();
  }

  @Test
  void closedLoop_leavesNoDescriptor() throws IOException {
    long before = loopDescriptors();

    for (int i = 0; i < 20; i++) {
      var ended = new CompletableFuture<Void>();
      var brief = FdLoop.start("test-short");
      brief.execute(() -> ended.complete(null));
      ended.join();
      brief.close();
      brief.execute(() -> {});
    }

    // A loop of another test may end late: what is left of these 20 would be 40 more.
    await().until(() -> loopDescriptors() <= before);
  }

  @Test
  void pipeOutput_parksWhileThePipeIsFull() throws Exception {
    var whole = new byte[1 << 20];
    whole[whole.length - 1] = 7;
    try (Pipe pipe = Pipe.open()) {
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var output = new PipeOutput(pipe.writeEnd(), loop)) {
                      output.write(whole);
                    } catch (IOException failure) {
                      throw new IllegalStateException(failure);
                    }
                  });

      ByteBuffer chunk = ByteBuffer.allocateDirect(8192);
      int total = 0;
      byte last = 0;
      for (int count; (count = pipe.readEnd().read(chunk.clear())) > 0; ) {
        total += count;
        last = chunk.get(count - 1);
      }

      writer.join();
      assertThat(total).isEqualTo(whole.length);
      assertThat(last).isEqualTo((byte) 7);
    }
  }

  @Test
  void pipeOutput_toldOfAReaderThatHasGone() {
    Pipe pipe = Pipe.open();
    pipe.readEnd().close();
    try (var output = new PipeOutput(pipe.writeEnd(), loop)) {
      assertThatThrownBy(() -> output.write("x".getBytes(UTF_8)))
          .isInstanceOf(PipeOutput.PipeClosedException.class);
    }
  }

  @Test
  void pipeOutput_abortedWhileItWaits() throws Exception {
    try (Pipe pipe = Pipe.open();
        var output = new PipeOutput(pipe.writeEnd(), loop)) {
      var failures = new CompletableFuture<Throwable>();
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      output.write(new byte[1 << 20]);
                    } catch (IOException failure) {
                      failures.complete(failure);
                    }
                  });
      await().until(() -> writer.getState() == Thread.State.WAITING);

      output.abort();

      assertThat(failures.join()).isInstanceOf(PipeOutput.PipeClosedException.class);
    }
  }

  /** Those that a loop holds; what the JVM opens meanwhile is none of them. */
  private static long loopDescriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(FdLoopTest::isOfLoop).count();
    }
  }

  private static boolean isOfLoop(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.contains("[eventpoll]") || target.contains("[eventfd]");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
