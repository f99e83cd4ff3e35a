package dev.barista.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What belongs to one event loop and is used on it only: a coarse clock, the things that watch it,
 * and a source of call ids.
 *
 * <p>Timeouts are looked at in ticks of {@value #TICK_MILLIS} ms instead of being scheduled one by
 * one: a call then costs no timer, and an end may come one tick late. Nothing ticks while nothing
 * watches.
 */
final class LoopContext {

  static final int TICK_MILLIS = 50;

  /** Something with timeouts. */
  abstract static class Watcher {
    // Mutable state
    private int slot = -1;

    /** Called on every tick while registered. May register or remove anything. */
    abstract void tick(long nowNanos);
  }

  private final EventLoop loop;
  private final int index;
  private final SplittableRandom random = new SplittableRandom();
  private final List<Watcher> watchers = new ArrayList<>();
  private final HeadMemory heads;

  // Mutable state
  private long coarseNanos = System.nanoTime();
  private boolean ticking;

  LoopContext(EventLoop loop, int index, HeadMemory heads) {
    this.loop = loop;
    this.index = index;
    this.heads = heads;
  }

  HeadMemory heads() {
    return heads;
  }

  EventLoop loop() {
    return loop;
  }

  /** Runs a task on the loop, from any thread; drops it when the loop has ended. */
  void run(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // Its connections are closed already.
    }
  }

  /** Place of this loop among its siblings, from 0. */
  int index() {
    return index;
  }

  /** {@link System#nanoTime()}, at most one tick old while anything watches. */
  long coarseNanos() {
    return coarseNanos;
  }

  /** A random UUID (version 4): unique, but no secret. */
  String newCallId() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  void watch(Watcher watcher) {
    if (watcher.slot >= 0) {
      return;
    }
    watcher.slot = watchers.size();
    watchers.add(watcher);
    if (!ticking) {
      ticking = true;
      coarseNanos = System.nanoTime();
      scheduleTick();
    }
  }

  void unwatch(Watcher watcher) {
    if (watcher.slot < 0) {
      return;
    }
    Watcher last = watchers.removeLast();
    if (watcher.slot < watchers.size()) {
      watchers.set(watcher.slot, last);
      last.slot = watcher.slot;
    }
    watcher.slot = -1;
  }

  private void scheduleTick() {
    var _ = loop.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    coarseNanos = System.nanoTime();
    // From the end: whoever takes the place of one that removes itself has been met already.
    for (int i = watchers.size() - 1; i >= 0; i--) {
      if (i < watchers.size()) {
        watchers.get(i).tick(coarseNanos);
      }
    }
    ticking = !watchers.isEmpty();
    if (ticking) {
      scheduleTick();
    }
  }
}
