package dev.barista.server.serve;

import dev.barista.image.Repositories;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the image store below its cap: soon after the start, then every hour, and soon after
 * something was deleted.
 */
final class ImageCleaner implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ImageCleaner.class.getName());
  private static final long FIRST_MINUTES = 1;
  private static final long EVERY_MINUTES = 60;

  /** Several deletions in a row make one collection. */
  private static final long AFTER_DELETE_SECONDS = 5;

  private final Repositories images;
  private final ScheduledThreadPoolExecutor timer;
  private final AtomicBoolean soon = new AtomicBoolean();

  private ImageCleaner(Repositories images) {
    this.images = images;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("image-cleaner").unstarted(task));
  }

  static ImageCleaner start(Repositories images) {
    ImageCleaner cleaner = new ImageCleaner(images);
    images.whenDeleted(cleaner::soon);
    var _ =
        cleaner.timer.scheduleWithFixedDelay(
            cleaner::clean, FIRST_MINUTES, EVERY_MINUTES, TimeUnit.MINUTES);
    return cleaner;
  }

  private void soon() {
    if (!soon.compareAndSet(false, true)) {
      return;
    }
    try {
      var _ = timer.schedule(this::clean, AFTER_DELETE_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "shutting down: the next start cleans", e);
    }
  }

  private void clean() {
    soon.set(false);
    try {
      LOG.log(System.Logger.Level.DEBUG, "cleaned the image store: " + images.collect());
    } catch (IOException | RuntimeException e) { // must not end the timer
      LOG.log(System.Logger.Level.WARNING, "the image store could not be cleaned", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
