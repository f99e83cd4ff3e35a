package dev.barista.watchdog;

import static java.util.Objects.requireNonNull;

import dev.barista.spawn.Child;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
import dev.barista.spawn.PipeOutput;
import dev.barista.spawn.Signals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The process of one call, from its start until nothing of it is left here: no descriptor, no
 * zombie.
 *
 * <p>The output is gathered on the loop's thread until its end; then the exit is awaited. A process
 * that must go is killed with its whole group, and its output is not read on: a grandchild that
 * left the group holds nothing up. Processes that a function leaves running when it ends by itself
 * are let alone; they are still waited for as long as they hold its output.
 */
final class ForkedCall {

  private static final int CHUNK_BYTES = 64 << 10;

  /** Then others get their turn on the loop. */
  private static final int CHUNKS_PER_TURN = 4;

  /** One loop, one thread, one buffer: a chunk is used up before the next is read. */
  private static final ThreadLocal<ByteBuffer> CHUNK =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK_BYTES));

  private final FdLoop loop;
  private final Child child;
  private final Fd output;
  private final Optional<PipeOutput> input;
  private final AnswerSpool answer;
  private final CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();

  // Mutable state, of the loop's thread
  private FdLoop.@Nullable Watch reading;
  private FdLoop.@Nullable Timer timer;
  private @Nullable CallOutcome killedAs;

  /**
   * @param child with pipe 1, and pipe 0 if it has input
   */
  ForkedCall(FdLoop loop, Child child, boolean hasInput, AnswerSpool answer) {
    this.loop = loop;
    this.child = child;
    this.output = child.pipe(1).nonBlocking();
    this.input = hasInput ? Optional.of(new PipeOutput(child.pipe(0), loop)) : Optional.empty();
    this.answer = answer;
  }

  /** Begins to read; must be called once, at once. */
  void begin(CallOutcome.Limit limit, Duration allowed) {
    loop.execute(
        () -> {
          timer = loop.schedule(allowed, () -> kill(new CallOutcome.Expired(limit, allowed)));
          reading = loop.watch(output, FdLoop.Interest.READABLE, this::readable);
        });
  }

  /** The process's stdin, for the calling virtual thread, which closes it. */
  Optional<PipeOutput> input() {
    return input;
  }

  /** Kills the process and its group, if it still runs. Thread-safe. */
  void cancel() {
    loop.execute(() -> kill(new CallOutcome.Cancelled()));
  }

  /** Parks until the process has ended and its output with it. */
  CallOutcome await() {
    return outcome.join();
  }

  private void readable() {
    try {
      for (int i = 0; i < CHUNKS_PER_TURN; i++) {
        ByteBuffer chunk = CHUNK.get().clear();
        int count = output.read(chunk);
        if (count < 0) {
          endOfOutput();
          return;
        }
        if (count == 0) {
          return;
        }
        answer.append(chunk.flip());
      }
    } catch (IOException failure) {
      kill(new CallOutcome.Unkept(failure));
    } catch (ErrnoException failure) {
      kill(new CallOutcome.Unkept(new IOException(failure.getMessage(), failure)));
    }
  }

  private void endOfOutput() {
    stopReading();
    if (child.tryReap().isPresent()) {
      ended();
    } else {
      loop.onExit(child, this::ended);
    }
  }

  private void kill(CallOutcome reason) {
    if (killedAs != null || outcome.isDone()) {
      return;
    }
    killedAs = reason;
    input.ifPresent(PipeOutput::abort);
    child.signalGroup(Signals.SIGKILL);
    if (reading != null) {
      stopReading();
      loop.onExit(child, this::ended);
    }
  }

  private void ended() {
    requireNonNull(timer, "begin() comes first").cancel();
    var status = child.reap();
    child.pidFd().close();
    CallOutcome result = killedAs != null ? killedAs : new CallOutcome.Ended(status, answer);
    if (killedAs != null) {
      answer.close();
    }
    outcome.complete(result);
  }

  private void stopReading() {
    requireNonNull(reading, "begin() comes first").cancel();
    reading = null;
    output.close();
  }
}
