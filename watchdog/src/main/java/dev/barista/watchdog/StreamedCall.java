package dev.barista.watchdog;

import static java.util.Objects.requireNonNull;

import dev.barista.concurrency.Deadline;
import dev.barista.concurrency.GoDuration;
import dev.barista.concurrency.NanoClock;
import dev.barista.http.Answer;
import dev.barista.http.Duplex;
import dev.barista.http.DuplexListener;
import dev.barista.http.Headers;
import dev.barista.http.StreamExchange;
import dev.barista.spawn.Child;
import dev.barista.spawn.Environment;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
import dev.barista.spawn.Signals;
import dev.barista.spawn.SpawnException;
import dev.barista.spawn.Spawner;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call of mode streaming, from its arrival until nothing of its process is left here. Lives on
 * the exchange's loop, but for {@link #cancel}.
 *
 * <p>The answer's head is sent with the first bytes, so a process that can't be started or has
 * written nothing within {@code exec_timeout} is still told by the status. After that only a cut
 * connection can tell that an answer is not complete; an exit status other than 0 is no reason for
 * that.
 */
final class StreamedCall implements DuplexListener {

  private static final int CHUNK_BYTES = 64 << 10;

  /** Then others get their turn on the loop. */
  private static final int CHUNKS_PER_TURN = 8;

  /** A chunk is used up before the next is read. */
  private static final ThreadLocal<ByteBuffer> CHUNK =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK_BYTES));

  private final Call call;
  private final StreamExchange exchange;
  private final StreamingRunner runner;
  private final Duplex duplex;

  // Mutable state
  private @Nullable Child child;
  private @Nullable StreamedInput input;
  private @Nullable Fd output;
  private @Nullable ReadySignal readable;
  private boolean begun;
  private boolean answered;
  private boolean outputEnded;
  private boolean waitsForClient;

  StreamedCall(Call call, StreamingRunner runner) {
    this.call = call;
    this.exchange = call.exchange();
    this.runner = runner;
    this.duplex = exchange.duplex(this);
  }

  void start(Environment variables) {
    runner
        .config()
        .timeouts()
        .exec()
        .ifPresent(
            limit ->
                exchange.expireAt(Deadline.after(limit, NanoClock.SYSTEM), () -> expired(limit)));
    boolean hasInput = !CallBody.isEmpty(exchange.head());
    runner
        .forks()
        .spawner()
        .spawn(
            runner.forks().command(variables, hasInput),
            outcome -> exchange.loop().execute(() -> started(outcome, hasInput)));
  }

  /** Ends the process; the answer is cut off. Thread-safe. */
  void cancel() {
    exchange.loop().execute(() -> aborted(0));
  }

  private void started(Spawner.Outcome outcome, boolean hasInput) {
    switch (outcome) {
      case Spawner.Outcome.Failed(SpawnException failure) -> {
        runner.log().line("Could not start fprocess: " + failure.getMessage());
        answer(Reply.sentence(500, failure.getMessage()));
        runner.forget(this);
      }
      case Spawner.Outcome.Started(Child process) -> begin(process, hasInput);
    }
  }

  private void begin(Child process, boolean hasInput) {
    child = process;
    runner.forks().childLogs().follow(process, Forks.STDERR);
    Fd stdout = process.pipe(Forks.STDOUT).nonBlocking();
    output = stdout;
    FdLoop watcher = runner.forks().loop();
    readable =
        new ReadySignal(
            watcher, stdout, FdLoop.Interest.READABLE, exchange.loop(), this::readOutput);
    if (hasInput) {
      input = new StreamedInput(process.pipe(Forks.STDIN), duplex, watcher, exchange.loop());
    }
    if (answered) {
      kill(); // nobody waits any more
      return;
    }
    readable.arm();
    duplex.receive();
  }

  // ---- to the process

  @Override
  public void part(ByteBuffer bytes, boolean last) {
    if (input != null) {
      input.part(bytes, last);
    }
  }

  // ---- from the process

  @Override
  public void writable() {
    if (waitsForClient) {
      waitsForClient = false;
      readOutput();
    }
  }

  private void readOutput() {
    Fd from = requireNonNull(output);
    if (outputEnded || waitsForClient) {
      return;
    }
    try {
      for (int i = 0; i < CHUNKS_PER_TURN; i++) {
        ByteBuffer chunk = CHUNK.get().clear();
        int count = from.read(chunk);
        if (count < 0) {
          endOutput();
          return;
        }
        if (count == 0) {
          requireNonNull(readable).arm();
          return;
        }
        pass(chunk.flip());
        if (!duplex.writable()) {
          waitsForClient = true;
          return;
        }
      }
    } catch (ErrnoException failure) {
      runner.log().line("Killed process: reading its output failed: " + failure.getMessage());
      cutOff(500);
      return;
    }
    exchange.loop().execute(this::readOutput);
  }

  private void pass(ByteBuffer bytes) {
    if (!begun) {
      begun = true;
      duplex.begin(200, headers());
    }
    duplex.write(bytes);
    duplex.flush();
  }

  private Headers headers() {
    return Headers.of("Content-Type", runner.config().contentType().orElseThrow());
  }

  private void endOutput() {
    outputEnded = true;
    requireNonNull(readable).stopAndClose();
    awaitExit();
  }

  private void awaitExit() {
    Child process = requireNonNull(child);
    runner.forks().loop().onExit(process, () -> exchange.loop().execute(() -> exited(process)));
  }

  private void exited(Child process) {
    ExitStatus status = process.reap();
    process.pidFd().close();
    if (input != null) {
      input.close();
    }
    runner.forget(this);
    if (answered) {
      return;
    }
    if (!status.isSuccess()) {
      runner.log().line("Failed: " + status.describe() + runner.memoryKills().explain(status));
    }
    if (begun) {
      ended(200);
      duplex.end();
    } else {
      answer(new Answer(200, headers(), new byte[0]));
    }
  }

  // ---- early ends

  private void expired(Duration limit) {
    String setting = "exec_timeout (" + GoDuration.show(limit) + ")";
    runner.log().line("Killed process: " + setting + " has passed.");
    if (begun) {
      cutOff(200);
      return;
    }
    answer(
        Reply.sentence(504, "watchdog: nothing was answered within " + setting + ", killed process")
            .with("X-OpenFaaS-Internal", "of-watchdog"));
    kill();
  }

  @Override
  public void aborted(int status) {
    if (!answered) {
      runner.log().line("Killed process: nobody waits for its answer.");
      ended(status == 0 ? Runner.CLIENT_GONE : status);
      kill();
    }
  }

  private void cutOff(int status) {
    ended(status);
    duplex.cut();
    kill();
  }

  private void answer(Answer answer) {
    if (!answered) {
      ended(answer.status());
      exchange.respond(answer);
    }
  }

  private void ended(int status) {
    if (!answered) {
      answered = true;
      call.ended().accept(status);
    }
  }

  /** With its group, and its output is not read on: nothing that it left holds anything up. */
  private void kill() {
    Child process = child;
    if (process == null) {
      return; // it isn't there yet: begin() ends it
    }
    process.signalGroup(Signals.SIGKILL);
    if (input != null) {
      input.close();
    }
    if (!outputEnded) {
      outputEnded = true;
      requireNonNull(readable).stopAndClose();
      awaitExit();
    }
  }
}
