package dev.barista.watchdog;

import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells the owner of a descriptor, once for each {@link #arm}, that it can be read or written: the
 * loop that watches it is not the thread that uses it. Used by the owner's thread.
 */
final class ReadySignal {

  private final FdLoop loop;
  private final Fd fd;
  private final FdLoop.Interest interest;
  private final Executor owner;
  private final Runnable ready;

  // Mutable state, of the loop's thread
  private FdLoop.@Nullable Watch watch;
  private boolean stopped;

  /**
   * @param owner runs {@code ready}, which may come once more after {@link #stopAndClose} was
   *     called
   */
  ReadySignal(FdLoop loop, Fd fd, FdLoop.Interest interest, Executor owner, Runnable ready) {
    this.loop = loop;
    this.fd = fd;
    this.interest = interest;
    this.owner = owner;
    this.ready = ready;
  }

  void arm() {
    loop.execute(
        () -> {
          if (stopped) {
            return;
          }
          if (watch == null) {
            watch = loop.watch(fd, interest, this::fired);
          } else {
            watch.resume();
          }
        });
  }

  /** Lets go of the descriptor and closes it. */
  void stopAndClose() {
    loop.execute(
        () -> {
          stopped = true;
          if (watch != null) {
            watch.cancel();
          }
          owner.execute(fd::close);
        });
  }

  private void fired() {
    if (watch != null) {
      watch.cancel();
    }
    owner.execute(ready);
  }
}
