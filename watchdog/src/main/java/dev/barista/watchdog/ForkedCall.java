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
  private final AnswerSpool answer;
  private final boolean hasInput;
  private final CallOutcome.Expired limit;
  private final CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();

  // Mutable state, of the loop's thread but for the making
  private @Nullable Child child;
  private @Nullable PipeOutput streamed;
  private @Nullable SmallInput input;
  private FdLoop.@Nullable Watch reading;
  private FdLoop.@Nullable Timer timer;
  private @Nullable CallOutcome killedAs;
  private volatile boolean cancelled;

  /**
   * @param limit how long the process may take, and what it is told to be then
   */
  ForkedCall(FdLoop loop, AnswerSpool answer, boolean hasInput, CallOutcome.Expired limit) {
    this.loop = loop;
    this.answer = answer;
    this.hasInput = hasInput;
    this.limit = limit;
  }

  /** Completed on the loop's thread when the process has ended and its output with it. */
  CompletableFuture<CallOutcome> outcome() {
    return outcome;
  }

  /**
   * Takes over a process that has pipe 1, and pipe 0 if it has input: all of {@code body}, of which
   * what the pipe takes is written at once. Called once, on any thread.
   */
  void begin(Child started, byte[] body) {
    Fd output = started.pipe(1).nonBlocking();
    if (hasInput) {
      input = SmallInput.begin(started.pipe(0).nonBlocking(), body);
    }
    begin(started, output);
  }

  /** Takes over a process whose input the calling virtual thread writes, and closes. */
  PipeOutput beginStreaming(Child started) {
    Fd output = started.pipe(1).nonBlocking();
    var stdin = new PipeOutput(started.pipe(0), loop);
    streamed = stdin;
    begin(started, output);
    return stdin;
  }

  /** Kills the process and its group, if it still runs or as soon as it does. Thread-safe. */
  void cancel() {
    cancelled = true;
    loop.execute(this::killIfCancelled);
  }

  private void begin(Child started, Fd output) {
    loop.execute(
        () -> {
          child = started;
          timer = loop.schedule(limit.allowed(), () -> kill(started, limit));
          reading = loop.watch(output, FdLoop.Interest.READABLE, () -> readable(started, output));
          if (input != null) {
            input.watch(loop);
          }
          killIfCancelled();
        });
  }

  private void killIfCancelled() {
    if (cancelled && child != null) {
      kill(child, new CallOutcome.Cancelled());
    }
  }

  private void readable(Child process, Fd output) {
    try {
      for (int i = 0; i < CHUNKS_PER_TURN; i++) {
        ByteBuffer chunk = CHUNK.get().clear();
        int count = output.read(chunk);
        if (count < 0) {
          stopReading(process);
          awaitEnd(process);
          return;
        }
        if (count == 0) {
          return;
        }
        answer.append(chunk.flip());
      }
    } catch (IOException failure) {
      kill(process, new CallOutcome.Unkept(failure));
    } catch (ErrnoException failure) {
      kill(process, new CallOutcome.Unkept(new IOException(failure.getMessage(), failure)));
    }
  }

  private void awaitEnd(Child process) {
    if (process.tryReap().isPresent()) {
      ended(process);
    } else {
      loop.onExit(process, () -> ended(process));
    }
  }

  private void kill(Child process, CallOutcome reason) {
    if (killedAs != null || outcome.isDone()) {
      return;
    }
    killedAs = reason;
    if (streamed != null) {
      streamed.abort();
    }
    process.signalGroup(Signals.SIGKILL);
    if (reading != null) {
      stopReading(process);
      awaitEnd(process);
    }
  }

  private void ended(Child process) {
    requireNonNull(timer, "begin() comes first").cancel();
    var status = process.reap();
    process.pidFd().close();
    if (input != null) {
      input.close();
    }
    if (killedAs != null) {
      answer.close();
      outcome.complete(killedAs);
    } else {
      outcome.complete(new CallOutcome.Ended(status, answer));
    }
  }

  private void stopReading(Child process) {
    requireNonNull(reading, "begin() comes first").cancel();
    reading = null;
    process.pipe(1).close();
  }
}
