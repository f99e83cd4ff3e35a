package dev.barista.provider.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is freed, last first, when a run ends or can't begin. Not thread-safe. */
final class RunResources implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(RunResources.class.getName());

  private final Deque<Runnable> releases = new ArrayDeque<>();

  void add(Runnable release) {
    releases.push(release);
  }

  /** One that fails doesn't keep the others. */
  @Override
  public void close() {
    while (!releases.isEmpty()) {
      try {
        releases.pop().run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a part of a replica could not be freed", e);
      }
    }
  }
}
