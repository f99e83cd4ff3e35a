package dev.barista.spawn;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A process that this one started. It stays a zombie, and its number and group stay its own, until
 * it is reaped by {@link #reap}, {@link #tryReap} or {@link #waitFor}: the owner must do one of
 * them. Thread-safe.
 *
 * <p>To learn of the end without a thread that waits: {@link FdLoop#onExit}.
 */
public final class Child implements AutoCloseable {

  private final int pid;
  private final boolean leadsGroup;
  private final Fd pidFd;
  private final Map<Integer, Fd> pipes;

  /** Guards {@link #status}: no signal may be sent to a number that was given away. */
  private final ReentrantLock lock = new ReentrantLock();

  // Mutable state
  private @Nullable ExitStatus status;

  Child(int pid, boolean leadsGroup, Fd pidFd, Map<Integer, Fd> pipes) {
    this.pid = pid;
    this.leadsGroup = leadsGroup;
    this.pidFd = pidFd;
    this.pipes = Map.copyOf(pipes);
  }

  public int pid() {
    return pid;
  }

  /** Readable (epoll, poll) once the process has ended. Closed by {@link #close}. */
  public Fd pidFd() {
    return pidFd;
  }

  /**
   * This process's end of a pipe that the command asked for by {@link Command#withPipe}. Closed by
   * {@link #close}, or earlier by whoever uses it.
   */
  public Fd pipe(int number) {
    Fd pipe = pipes.get(number);
    if (pipe == null) {
      throw new IllegalArgumentException(
          "descriptor: " + number + " (expected: one of " + pipes.keySet() + ")");
    }
    return pipe;
  }

  /**
   * Sends a signal to the process.
   *
   * @return false if it was reaped before
   */
  public boolean signal(int signal) {
    return send(pid, signal);
  }

  /**
   * Sends a signal to the process and everything that it started and that stayed in its group.
   * Works until the process is reaped, also for what outlives it.
   *
   * @return false if it was reaped before
   * @throws IllegalStateException if the child doesn't lead a group
   */
  public boolean signalGroup(int signal) {
    if (!leadsGroup) {
      throw new IllegalStateException("process " + pid + " leads no process group");
    }
    return send(-pid, signal);
  }

  /** Whether it has ended; it may not be reaped yet. */
  public boolean hasEnded() {
    lock.lock();
    try {
      return status != null || Syscalls.pollForInput(pidFd.number(), 0);
    } finally {
      lock.unlock();
    }
  }

  /** How it ended, or empty while it runs. Never blocks. */
  public Optional<ExitStatus> tryReap() {
    lock.lock();
    try {
      if (status == null) {
        int raw = Syscalls.reapIfEnded(pid);
        status = raw < 0 ? null : ExitStatus.ofRaw(raw);
      }
      return Optional.ofNullable(status);
    } finally {
      lock.unlock();
    }
  }

  /** How it ended, or empty while it runs. It isn't reaped: its group can still be signalled. */
  public Optional<ExitStatus> peek() {
    lock.lock();
    try {
      return Optional.ofNullable(status != null ? status : Syscalls.peekIfEnded(pid));
    } finally {
      lock.unlock();
    }
  }

  /**
   * How it ended, when it is known to have ended.
   *
   * @throws IllegalStateException if it still runs
   */
  public ExitStatus reap() {
    return tryReap().orElseThrow(() -> new IllegalStateException("process " + pid + " runs"));
  }

  /**
   * Waits for the end and reaps. Blocks a platform thread; never call it on a virtual thread, nor
   * together with {@link #close}.
   *
   * @return empty if the process runs longer
   */
  public Optional<ExitStatus> waitFor(Duration timeout) {
    long end = System.nanoTime() + Math.min(timeout.toMillis(), Integer.MAX_VALUE) * 1_000_000L;
    while (true) {
      Optional<ExitStatus> ended = tryReap();
      long remaining = end - System.nanoTime();
      if (ended.isPresent() || remaining <= 0) {
        return ended;
      }
      Syscalls.pollForInput(pidFd.number(), (int) ((remaining + 999_999) / 1_000_000));
    }
  }

  /**
   * Closes this process's descriptors: the pipes and the pidfd. Doesn't end or reap the process.
   */
  @Override
  public void close() {
    pidFd.close();
    pipes.values().forEach(Fd::close);
  }

  @Override
  public String toString() {
    return "Child[" + pid + "]";
  }

  private boolean send(int target, int signal) {
    lock.lock();
    try {
      if (status != null) {
        return false;
      }
      int result = Syscalls.kill(target, signal);
      if (result != 0 && result != -Errno.ESRCH) {
        throw new ErrnoException("send signal " + signal + " to process " + target, -result);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
