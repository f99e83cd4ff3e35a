package dev.barista.gateway.invoke;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many calls of one function came, ended and were answered, and how long they took together.
 *
 * <h2>One writer each, no contention</h2>
 *
 * A call begins and ends on the event loop of its connection. So each loop has a block of counters
 * that only it writes, on cache lines of its own, and a reader adds the blocks up. What belongs
 * together in a block is read together: its version is odd while it is written, and who meets an
 * odd or a changed one reads again.
 *
 * <h2>Time-weighted concurrency without a clock tick</h2>
 *
 * The time that all calls have spent is the sum of (end − start) of those that ended and of (now −
 * start) of those in flight. A block keeps only {@code moments}: every end added, every start
 * subtracted. With n calls in flight the sum at any time is {@code moments + n × now}, exactly,
 * also when the numbers wrap around. For example: starts at 100 and 130, one end at 150; moments =
 * −80, n = 1, so at 200 it is 120 = (150 − 100) + (200 − 130). The mean concurrency between two
 * readings is the difference of their sums over the difference of their times.
 *
 * <p>Thread-safe for readers; each loop's block for that loop only.
 */
final class LoadMeter {

  /** Sums over all loops at one instant. */
  record Reading(long arrivals, long ended, long answers, long callNanos) {
    int inFlight() {
      return (int) (arrivals - ended);
    }
  }

  /** Longs in a block: two cache lines, since processors fetch them in pairs. */
  private static final int STRIDE = 16;

  private static final int VERSION = 0;
  private static final int ARRIVALS = 1;
  private static final int ENDED = 2;
  private static final int ANSWERS = 3;
  private static final int MOMENTS = 4;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] cells;

  /** An event that is written late must not let the time shrink between two readings. */
  private final AtomicLong mostNanos = new AtomicLong();

  /**
   * @param loops that will write
   */
  LoadMeter(int loops) {
    this.cells = new long[loops * STRIDE];
  }

  /**
   * A call came. Whoever reads something volatile afterwards reads it after everybody can see the
   * call.
   *
   * @param loop index of the event loop that this runs on
   * @param now of {@link System#nanoTime}
   */
  void arrived(int loop, long now) {
    int block = loop * STRIDE;
    long version = begin(block);
    add(block + ARRIVALS, 1);
    add(block + MOMENTS, -now);
    CELL.setVolatile(cells, block + VERSION, version + 2);
  }

  /**
   * A call that has {@link #arrived} ended.
   *
   * @param answered whether a replica had answered it
   */
  void ended(int loop, long now, boolean answered) {
    int block = loop * STRIDE;
    long version = begin(block);
    add(block + ENDED, 1);
    add(block + ANSWERS, answered ? 1 : 0);
    add(block + MOMENTS, now);
    CELL.setRelease(cells, block + VERSION, version + 2);
  }

  private long begin(int block) {
    long version = cells[block + VERSION];
    CELL.setOpaque(cells, block + VERSION, version + 1);
    VarHandle.storeStoreFence();
    return version;
  }

  /** Only this thread writes, so nothing is lost. */
  private void add(int cell, long amount) {
    CELL.setOpaque(cells, cell, cells[cell] + amount);
  }

  /** Calls that came until now. */
  long arrivals() {
    long sum = 0;
    for (int block = 0; block < cells.length; block += STRIDE) {
      // After its version: a writer publishes by that one.
      long _ = (long) CELL.getVolatile(cells, block + VERSION);
      sum += (long) CELL.getOpaque(cells, block + ARRIVALS);
    }
    return sum;
  }

  /**
   * @param now of {@link System#nanoTime}
   */
  Reading read(long now) {
    long arrivals = 0;
    long ended = 0;
    long answers = 0;
    long nanos = 0;
    for (int block = 0; block < cells.length; block += STRIDE) {
      Reading one = readBlock(block, now);
      arrivals += one.arrivals();
      ended += one.ended();
      answers += one.answers();
      nanos += one.callNanos();
    }
    return new Reading(arrivals, ended, answers, mostNanos.accumulateAndGet(nanos, Math::max));
  }

  private Reading readBlock(int block, long now) {
    while (true) {
      long before = (long) CELL.getAcquire(cells, block + VERSION);
      long arrivals = (long) CELL.getOpaque(cells, block + ARRIVALS);
      long ended = (long) CELL.getOpaque(cells, block + ENDED);
      long answers = (long) CELL.getOpaque(cells, block + ANSWERS);
      long moments = (long) CELL.getOpaque(cells, block + MOMENTS);
      VarHandle.loadLoadFence();
      if ((before & 1) == 0 && (long) CELL.getOpaque(cells, block + VERSION) == before) {
        return new Reading(arrivals, ended, answers, moments + (arrivals - ended) * now);
      }
      Thread.onSpinWait();
    }
  }
}
