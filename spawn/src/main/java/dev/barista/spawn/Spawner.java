package dev.barista.spawn;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Starts processes, all of them from platform threads that live as long as this spawner: one,
 * unless asked otherwise. That matters, because the kernel remembers the <em>thread</em> that
 * started a process: its end is what a parent-death signal tells of, and its cgroups are what the
 * child inherits. Thread-safe.
 */
public final class Spawner implements AutoCloseable {

  /** What became of a command. */
  public sealed interface Outcome {
    record Started(Child child) implements Outcome {}

    record Failed(SpawnException reason) implements Outcome {}
  }

  /** Ends the thread that takes it. */
  private record Stop() implements Runnable {
    @Override
    public void run() {}
  }

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final ProgramFinder programs = new ProgramFinder();

  /** So that no task comes behind the threads' end. */
  private final ReentrantLock lock = new ReentrantLock();

  // Mutable state, guarded by lock
  private boolean closed;

  private Spawner(String threadName, int count) {
    var factory = Thread.ofPlatform().name(threadName).daemon(true);
    for (int i = 0; i < count; i++) {
      threads.add(factory.unstarted(this::run));
    }
  }

  /**
   * @throws UnsupportedOperationException with a sentence for the user, off Linux
   */
  public static Spawner start(String threadName) {
    return start(threadName, 1);
  }

  /**
   * With several threads: a thread is held up by each of its children until that has become its
   * program, which on a busy machine takes a while.
   *
   * @throws UnsupportedOperationException with a sentence for the user, off Linux
   */
  public static Spawner start(String threadName, int threads) {
    Platform.requireLinux();
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: > 0)");
    }
    var spawner = new Spawner(threadName, threads);
    spawner.threads.forEach(Thread::start);
    return spawner;
  }

  /** Whether a {@link Command} may name its cgroup: glibc 2.39 or newer. */
  public static boolean canJoinCgroup() {
    return Platform.isSupported() && PosixSpawn.canJoinCgroup();
  }

  /**
   * Starts a process and returns when its program runs (or could not be executed). May be called on
   * virtual threads. An interrupt doesn't cut the start off; the thread stays interrupted.
   *
   * @throws SpawnException with the reason, if the program could not be started
   * @throws RejectedExecutionException after {@link #close}
   */
  public Child spawn(Command command) {
    requireNonNull(command, "command");
    return await(new FutureTask<>(() -> Launch.start(command, programs)));
  }

  /**
   * Starts a process without waiting. The answer comes on the spawner's thread, which must not be
   * held.
   *
   * @throws RejectedExecutionException after {@link #close}
   */
  public void spawn(Command command, Consumer<Outcome> answer) {
    requireNonNull(command, "command");
    submit(() -> answer.accept(startOrTell(command)));
  }

  /**
   * Moves the spawning threads, and so every child to come, into the cgroups whose {@code tasks}
   * files (v1) these are. The rest of this process stays where it is.
   *
   * @throws ErrnoException if a group refuses the thread
   */
  public void joinCgroups(List<Fd> tasksFiles) {
    var allAreThere = new CountDownLatch(threads.size());
    List<FutureTask<Boolean>> joins = new ArrayList<>();
    for (int i = 0; i < threads.size(); i++) {
      joins.add(
          new FutureTask<>(
              () -> {
                // None goes on before each thread has one of these tasks.
                allAreThere.countDown();
                allAreThere.await();
                tasksFiles.forEach(file -> Posix.writeText(file, "0"));
                return true;
              }));
    }
    joins.forEach(this::submit);
    joins.forEach(Spawner::result);
  }

  /** Ends the threads after the starts that wait already. Children live on. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        // One each: whoever takes it ends, and takes no other's.
        threads.forEach(_ -> tasks.add(new Stop()));
      }
    } finally {
      lock.unlock();
    }
  }

  private Outcome startOrTell(Command command) {
    try {
      return new Outcome.Started(Launch.start(command, programs));
    } catch (SpawnException failure) {
      return new Outcome.Failed(failure);
    } catch (RuntimeException failure) {
      // Whoever waits for the answer gets one.
      String program = command.arguments().getFirst();
      return new Outcome.Failed(
          new SpawnException(program + " could not be started: " + failure.getMessage(), 0));
    }
  }

  private void submit(Runnable task) {
    lock.lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("the spawner is closed");
      }
      tasks.add(task);
    } finally {
      lock.unlock();
    }
  }

  private <T> T await(FutureTask<T> task) {
    submit(task);
    return result(task);
  }

  private static <T> T result(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (ExecutionException failure) {
          throw rethrown(requireNonNull(failure.getCause()));
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    return switch (cause) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(cause);
    };
  }

  private void run() {
    while (true) {
      try {
        Runnable task = tasks.take();
        if (task instanceof Stop) {
          return;
        }
        task.run();
      } catch (InterruptedException _) {
        // Nobody has a reason to: the thread ends by close() only.
      } catch (RuntimeException failure) {
        System.getLogger(Spawner.class.getName())
            .log(System.Logger.Level.ERROR, "the answer to a start failed", failure);
      }
    }
  }
}
