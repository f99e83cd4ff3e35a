package dev.barista.provider.process;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs tasks one after the other, in the order they came, on a virtual thread that lives while
 * there are any. What only these tasks touch needs no lock. Thread-safe.
 */
final class Mailbox {

  private final String name;
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  // Mutable state
  private boolean running;

  Mailbox(String name) {
    this.name = name;
  }

  void post(Runnable task) {
    synchronized (this) {
      tasks.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    Thread.ofVirtual().name(name).start(this::run);
  }

  /** Posts a task and waits for its answer. Never from one of the tasks. */
  <T> T ask(Callable<T> task) {
    FutureTask<T> answer = new FutureTask<>(task);
    post(answer);
    return await(answer);
  }

  /** Waits for what runs elsewhere; throws what it throws. */
  static <T> T await(FutureTask<T> answer) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException e) {
          interrupted = true; // the task runs anyway: half an answer would be none
        } catch (ExecutionException e) {
          throw rethrown(e.getCause() == null ? e : e.getCause());
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
      Runnable task;
      synchronized (this) {
        task = tasks.poll();
        if (task == null) {
          running = false;
          return;
        }
      }
      try {
        task.run();
      } catch (RuntimeException | AssertionError e) {
        System.getLogger(Mailbox.class.getName())
            .log(System.Logger.Level.ERROR, "a task of " + name + " failed", e);
      }
    }
  }
}
