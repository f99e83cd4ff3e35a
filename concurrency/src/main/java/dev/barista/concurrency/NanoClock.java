package dev.barista.concurrency;

/** Elapsed time. Readings are compared by subtraction only, since they may overflow. */
@FunctionalInterface
public interface NanoClock {

  /** The JVM's monotonic clock. */
  NanoClock SYSTEM = System::nanoTime;

  /** Nanoseconds since an arbitrary origin. */
  long nanoTime();
}
