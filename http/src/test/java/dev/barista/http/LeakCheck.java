package dev.barista.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails each test class during which a buffer was collected without having been released. Found by
 * JUnit itself; Netty watches every buffer where the build sets its detector to paranoid.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {

  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final int COLLECTIONS = 3;

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Detectors());
  }

  private static final class Detectors extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // Netty's own signature
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new Detector<>(resource, samplingInterval);
    }
  }

  private static final class Detector<T> extends ResourceLeakDetector<T> {
    private Detector(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
      LEAKS.add(resource + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
      LEAKS.add(resource);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // Loads this class, and with it the detector, before the first buffer is made.
  }

  /** What was collected is told by the next allocation. */
  @Override
  public void afterAll(ExtensionContext context) {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      PooledByteBufAllocator.DEFAULT.buffer(1).release();
    }
    assertThat(LEAKS).isEmpty();
  }
}
