package dev.barista.gateway.invoke;

import dev.barista.api.FunctionName;
import dev.barista.autoscaler.LoadListener;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The load of one function, and who wants to hear of its next call. Takes next to no memory until
 * the first call. Thread-safe, without a lock.
 *
 * <p>No call is missed: one that arrives is counted before it looks whether somebody wants to hear,
 * and who wants to hear says so before looking at the count. Whoever comes second sees the other.
 */
final class FunctionLoad {

  private static final LoadMeter.Reading NOTHING = new LoadMeter.Reading(0, 0, 0, 0);

  private final FunctionName name;
  private final int loops;
  private final Supplier<LoadListener> listener;
  private final AtomicReference<@Nullable LoadMeter> meter = new AtomicReference<>();
  private final AtomicBoolean tell = new AtomicBoolean();

  /**
   * @param loops event loops that calls run on
   * @param listener who is told of a call
   */
  FunctionLoad(FunctionName name, int loops, Supplier<LoadListener> listener) {
    this.name = name;
    this.loops = loops;
    this.listener = listener;
  }

  /** A call came, on the event loop with that index. Each ends once, on the same loop. */
  void arrived(int loop, long now) {
    LoadMeter present = meter.get();
    (present == null ? create() : present).arrived(loop, now);
    if (tell.get()) {
      tell();
    }
  }

  private LoadMeter create() {
    LoadMeter fresh = new LoadMeter(loops);
    LoadMeter other = meter.compareAndExchange(null, fresh);
    return other == null ? fresh : other;
  }

  /**
   * @param answered whether a replica had answered
   */
  void ended(int loop, long now, boolean answered) {
    LoadMeter present = meter.get();
    if (present != null) {
      present.ended(loop, now, answered);
    }
  }

  LoadMeter.Reading read(long now) {
    LoadMeter present = meter.get();
    return present == null ? NOTHING : present.read(now);
  }

  /** Tells the listener of the first call after the {@code seen} ones. */
  void tellNextCall(long seen) {
    tell.set(true);
    LoadMeter present = meter.get();
    if (present != null && present.arrivals() != seen) {
      tell();
    }
  }

  private void tell() {
    if (tell.compareAndSet(true, false)) {
      listener.get().called(name);
    }
  }
}
