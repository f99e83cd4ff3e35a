package dev.barista.server.serve;

import dev.barista.image.ImageStore;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Keeps the image store below its cap, some minutes after the start and then every hour. */
final class ImageCleaner implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ImageCleaner.class.getName());
  private static final long FIRST_MINUTES = 5;
  private static final long EVERY_MINUTES = 60;

  private final ImageStore images;
  private final Supplier<Set<String>> inUse;
  private final long maxBytes;
  private final ScheduledThreadPoolExecutor timer;

  private ImageCleaner(ImageStore images, Supplier<Set<String>> inUse, long maxBytes) {
    this.images = images;
    this.inUse = inUse;
    this.maxBytes = maxBytes;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("image-cleaner").unstarted(task));
  }

  /**
   * @param inUse digests of images that functions have
   * @param maxBytes what the store may hold
   */
  static ImageCleaner start(ImageStore images, Supplier<Set<String>> inUse, long maxBytes) {
    ImageCleaner cleaner = new ImageCleaner(images, inUse, maxBytes);
    var _ =
        cleaner.timer.scheduleWithFixedDelay(
            cleaner::clean, FIRST_MINUTES, EVERY_MINUTES, TimeUnit.MINUTES);
    return cleaner;
  }

  private void clean() {
    try {
      LOG.log(
          System.Logger.Level.DEBUG,
          "cleaned the image store: " + images.collect(inUse.get(), maxBytes));
    } catch (IOException | RuntimeException e) { // must not end the timer
      LOG.log(System.Logger.Level.WARNING, "the image store could not be cleaned", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
