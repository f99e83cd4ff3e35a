package dev.barista.provider.process;

import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.FolderWatch;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rings when a socket may have appeared, so that a replica's readiness is noticed within
 * microseconds and costs no looking about meanwhile. For one waiting thread.
 */
final class SocketBell implements AutoCloseable {

  /** Never rings. */
  static final SocketBell NONE = new SocketBell();

  private final Semaphore rings = new Semaphore(0);

  // Mutable state
  private FolderWatch.@Nullable Watched watched;

  private SocketBell() {}

  /** For a port, and where folders can't be watched, one that doesn't ring. */
  static SocketBell of(Optional<FolderWatch> watch, SocketAddress address) {
    if (watch.isEmpty() || !(address instanceof UnixDomainSocketAddress unix)) {
      return NONE;
    }
    SocketBell bell = new SocketBell();
    try {
      Path folder = unix.getPath().resolveSibling(".");
      bell.watched = watch.get().watch(folder, bell.rings::release);
      return bell;
    } catch (ErrnoException e) {
      return NONE; // too many are watched: it is looked for instead
    }
  }

  boolean canRing() {
    return watched != null;
  }

  /** Waits until it rings, or rang since the last wait. */
  void await(Duration longest) throws InterruptedException {
    if (rings.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
      rings.drainPermits();
    }
  }

  @Override
  public void close() {
    if (watched != null) {
      watched.close();
    }
  }
}
