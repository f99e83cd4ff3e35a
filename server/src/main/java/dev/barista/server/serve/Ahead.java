package dev.barista.server.serve;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A part of the start that runs on a thread of its own until somebody needs it. */
final class Ahead<T> {

  private final FutureTask<T> task;

  private Ahead(FutureTask<T> task) {
    this.task = task;
  }

  static <T> Ahead<T> start(String name, Callable<T> part) {
    FutureTask<T> task = new FutureTask<>(part);
    Thread.ofPlatform().daemon().name("start-" + name).start(task);
    return new Ahead<>(task);
  }

  /** Waits for the part; its unchecked failure is this method's. */
  T join() throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
