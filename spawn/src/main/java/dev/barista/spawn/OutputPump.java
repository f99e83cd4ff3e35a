package dev.barista.spawn;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Carries the output of many processes from their pipes to sinks, on one platform thread.
 *
 * <p>Everybody gets the same share: a source is read one chunk at a time in turn, and no faster
 * than its budget; all together no faster than the total. A process that writes more than its
 * budget finds its pipe full and waits: nothing is dropped and nothing piles up here, and 400
 * processes that write without end cost no more processor time than the total budget allows.
 * Thread-safe.
 */
public final class OutputPump implements AutoCloseable {

  /** Where a process's output goes. Runs on the pump's thread, which all sources share. */
  public interface Sink {

    /**
     * @param bytes to be used up before this returns
     * @return what it cost, in bytes of the budget: as many as there were, or more where more had
     *     to be written for them
     */
    long chunk(ByteBuffer bytes);

    /** Nobody holds the writing end any more, or reading failed. Called once, last. */
    void end();
  }

  /**
   * How fast sources are read, in bytes a second.
   *
   * @param perSource also what a source may send at once after a second of silence
   */
  public record Budget(long perSource, long total) {

    public static final Budget DEFAULT = new Budget(4L << 20, 16L << 20);

    public Budget {
      if (perSource <= 0 || total <= 0) {
        throw new IllegalArgumentException(
            "budget: " + perSource + ", " + total + " (expected: both > 0)");
      }
    }
  }

  private static final int CHUNK_BYTES = 64 << 10;

  private final FdLoop loop;
  private final Budget budget;
  private final RateBudget total;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

  private OutputPump(String threadName, Budget budget) {
    this.loop = FdLoop.start(threadName);
    this.budget = budget;
    this.total = new RateBudget(budget.total(), System.nanoTime());
  }

  /**
   * @throws UnsupportedOperationException with a sentence for the user, off Linux
   */
  public static OutputPump start(String threadName, Budget budget) {
    return new OutputPump(threadName, requireNonNull(budget, "budget"));
  }

  /** Takes over the reading end of a pipe, and closes it at its end. */
  public void add(Fd readEnd, Sink sink) {
    readEnd.nonBlocking();
    loop.execute(() -> new Source(readEnd, sink).begin());
  }

  /**
   * Watches folders on the pump's thread, and as long as that runs.
   *
   * @throws ErrnoException see {@link FolderWatch#on}
   */
  public FolderWatch watchFolders() {
    return FolderWatch.on(loop);
  }

  /** Runs {@code ended} on the pump's thread, see {@link FdLoop#onExit}. */
  public void onExit(Child child, Runnable ended) {
    loop.onExit(child, ended);
  }

  /** Ends the thread. Sources that haven't ended are neither read nor closed any more. */
  @Override
  public void close() {
    loop.close();
  }

  /** One pipe. Lives on the loop's thread. */
  private final class Source {

    private final Fd fd;
    private final Sink sink;
    private final RateBudget own;

    // Mutable state
    private FdLoop.@Nullable Watch watch;

    private Source(Fd fd, Sink sink) {
      this.fd = fd;
      this.sink = requireNonNull(sink, "sink");
      this.own = new RateBudget(budget.perSource(), System.nanoTime());
    }

    private void begin() {
      watch = loop.watch(fd, FdLoop.Interest.READABLE, this::readable);
    }

    private void readable() {
      long now = System.nanoTime();
      long wait = Math.max(own.nanosUntilPositive(now), total.nanosUntilPositive(now));
      if (wait > 0) {
        watching().cancel();
        loop.schedule(Duration.ofNanos(wait), () -> watching().resume());
        return;
      }
      int count = read();
      if (count > 0) {
        long cost = sink.chunk(chunk.flip());
        own.take(cost, now);
        total.take(cost, now);
      } else if (count < 0) {
        end();
      }
    }

    private int read() {
      try {
        return fd.read(chunk.clear());
      } catch (ErrnoException _) {
        // As good as the end: there is nothing more to get from it.
        return -1;
      }
    }

    private void end() {
      watching().cancel();
      fd.close();
      sink.end();
    }

    private FdLoop.Watch watching() {
      return requireNonNull(watch, "begin() comes first");
    }
  }
}
