package dev.barista.spawn;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread that serves many descriptors, timers and ends of processes: what runs here
 * must not block. {@link #execute} and {@link #onExit} are thread-safe; everything else belongs to
 * the loop's own thread.
 */
public final class FdLoop implements Executor, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(FdLoop.class.getName());

  private final Epoll epoll = new Epoll();
  private final Thread thread;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Whether the doorbell rings already, so that many tasks cost one ring. */
  private final AtomicBoolean rung = new AtomicBoolean();

  private final Map<Long, Watch> watches = new HashMap<>();
  private final Queue<Runnable> atEnd = new ConcurrentLinkedQueue<>();
  private final TreeMap<TimerKey, Runnable> timers = new TreeMap<>();

  // Mutable state
  private long lastId;
  private volatile boolean closed;

  private FdLoop(String threadName) {
    thread = Thread.ofPlatform().name(threadName).daemon(true).unstarted(this::run);
  }

  /**
   * @throws UnsupportedOperationException with a sentence for the user, off Linux
   */
  public static FdLoop start(String threadName) {
    Platform.requireLinux();
    var loop = new FdLoop(threadName);
    loop.thread.start();
    return loop;
  }

  /** What the loop watches a descriptor for. */
  public enum Interest {
    READABLE(Epoll.IN),
    WRITABLE(Epoll.OUT);

    private final int mask;

    Interest(int mask) {
      this.mask = mask;
    }
  }

  /**
   * A descriptor under watch. Ends by {@link #cancel}, which must precede the descriptor's close.
   */
  public final class Watch {

    private final Fd fd;
    private final Interest interest;
    private final Runnable handler;
    private final long id = ++lastId;

    // Mutable state
    private boolean active;

    private Watch(Fd fd, Interest interest, Runnable handler) {
      this.fd = fd;
      this.interest = interest;
      this.handler = requireNonNull(handler, "handler");
      resume();
    }

    /** No further event until {@link #resume}, not even the end of the other side. */
    public void cancel() {
      if (active) {
        active = false;
        watches.remove(id);
        epoll.remove(fd);
      }
    }

    public void resume() {
      if (!active) {
        epoll.add(fd, interest.mask, id);
        watches.put(id, this);
        active = true;
      }
    }
  }

  /** A task that waits for its time. */
  public final class Timer {

    private final TimerKey key;

    private Timer(TimerKey key) {
      this.key = key;
    }

    public void cancel() {
      timers.remove(key);
    }
  }

  /** Compared by subtraction, since {@code nanoTime} may overflow. */
  private record TimerKey(long nanos, long id) implements Comparable<TimerKey> {
    @Override
    public int compareTo(TimerKey other) {
      int byTime = Long.signum(nanos - other.nanos);
      return byTime != 0 ? byTime : Long.compare(id, other.id);
    }
  }

  /**
   * Runs {@code handler} whenever {@code fd} can be read or written without blocking, or its other
   * end is closed. The same descriptor is watched once at a time.
   */
  public Watch watch(Fd fd, Interest interest, Runnable handler) {
    return new Watch(fd, interest, handler);
  }

  public Timer schedule(Duration delay, Runnable task) {
    var key = new TimerKey(System.nanoTime() + delay.toNanos(), ++lastId);
    timers.put(key, requireNonNull(task, "task"));
    return new Timer(key);
  }

  /** Runs a task on the loop's thread, soon. After {@link #close} it is dropped. */
  @Override
  public void execute(Runnable task) {
    tasks.add(requireNonNull(task, "task"));
    if (Thread.currentThread() != thread && rung.compareAndSet(false, true) && !closed) {
      epoll.ring();
    }
  }

  /**
   * Runs {@code ended} once the process has ended. It isn't reaped then, so that its group can
   * still be signalled; {@code ended} reaps it.
   */
  public void onExit(Child child, Runnable ended) {
    execute(
        () -> {
          var watch = new Watch[1];
          watch[0] =
              watch(
                  child.pidFd(),
                  Interest.READABLE,
                  () -> {
                    watch[0].cancel();
                    ended.run();
                  });
        });
  }

  /** Ends the thread; what is watched stays open and unwatched. */
  @Override
  public void close() {
    execute(() -> closed = true);
  }

  private void run() {
    try {
      while (!closed) {
        int count = epoll.await(millisToNextTimer());
        rung.set(false);
        for (int i = 0; i < count; i++) {
          Watch watch = watches.get(epoll.token(i));
          if (watch != null) {
            guarded(watch.handler, watch);
          }
        }
        runTimers();
        runTasks();
      }
    } finally {
      epoll.close();
      atEnd.forEach(Runnable::run);
    }
  }

  /** Runs a task when nothing is watched any more, for what lives as long as this loop. */
  void atEnd(Runnable task) {
    atEnd.add(task);
  }

  /** Those that are there now: a task that adds itself again doesn't starve the descriptors. */
  private void runTasks() {
    var batch = new ArrayDeque<Runnable>();
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      batch.add(task);
    }
    batch.forEach(task -> guarded(task, null));
  }

  private void runTimers() {
    long now = System.nanoTime();
    while (!timers.isEmpty() && timers.firstKey().nanos() - now <= 0) {
      guarded(requireNonNull(timers.pollFirstEntry()).getValue(), null);
    }
  }

  private int millisToNextTimer() {
    if (!tasks.isEmpty()) {
      return 0;
    }
    if (timers.isEmpty()) {
      return -1;
    }
    long nanos = timers.firstKey().nanos() - System.nanoTime();
    return Math.clamp((nanos + 999_999) / 1_000_000, 0, 1_000_000_000);
  }

  /** A handler that fails is told of, and its descriptor is left alone from then on. */
  private void guarded(Runnable task, @Nullable Watch watch) {
    try {
      task.run();
    } catch (RuntimeException | AssertionError failure) {
      LOG.log(System.Logger.Level.ERROR, "a task of " + thread.getName() + " failed", failure);
      if (watch != null) {
        watch.cancel();
      }
    }
  }
}
