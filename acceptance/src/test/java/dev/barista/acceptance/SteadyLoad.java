package dev.barista.acceptance;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Twenty calls a second to one function until it is closed, however long each takes. */
final class SteadyLoad implements AutoCloseable {

  private static final long MILLIS_BETWEEN = 50;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("load").factory());
  private final AtomicInteger failures = new AtomicInteger();

  private SteadyLoad() {}

  static SteadyLoad on(Barista barista, String function) {
    SteadyLoad load = new SteadyLoad();
    var _ =
        load.timer.scheduleAtFixedRate(
            () -> load.call(barista, function), 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
    return load;
  }

  private void call(Barista barista, String function) {
    var _ =
        barista
            .sendAsync(barista.request("/function/" + function).POST(BodyPublishers.ofString("x")))
            .whenComplete(
                (answer, failure) -> {
                  if (failure != null || answer.statusCode() != 200) {
                    failures.incrementAndGet();
                  }
                });
  }

  /** Calls that had no 200 so far. */
  int failures() {
    return failures.get();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
