package dev.barista.server.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What has been started, ended in reverse order; one that fails to end doesn't keep the others from
 * it. Thread-safe: the end may come while the start goes on.
 */
final class ShutdownStack implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ShutdownStack.class.getName());

  // Mutable state, guarded by this
  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean closed;

  private record Part(String name, AutoCloseable end) {}

  /** Ends {@code part} at once when the end has come already. */
  <T extends AutoCloseable> T add(String name, T part) {
    synchronized (this) {
      if (!closed) {
        parts.push(new Part(name, part));
        return part;
      }
    }
    end(new Part(name, part));
    return part;
  }

  /** Idempotent. */
  @Override
  public void close() {
    for (Part part = next(); part != null; part = next()) {
      end(part);
    }
  }

  private synchronized @Nullable Part next() {
    closed = true;
    return parts.poll();
  }

  private static void end(Part part) {
    try {
      part.end().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, part.name() + " did not end cleanly", e);
    }
  }
}
