package dev.barista.server.serve;

import dev.barista.api.FunctionName;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import dev.barista.provider.spi.ProviderListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for functions to have a ready replica, woken by the provider's events. Thread-safe. */
final class ReadyWatch implements ProviderListener {

  /** Guards what follows. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  // Mutable state
  private final Map<FunctionName, Integer> ready = new HashMap<>();
  private final Map<FunctionName, String> failures = new HashMap<>();

  @Override
  public void onEvent(ProviderEvent event) {
    lock.lock();
    try {
      switch (event) {
        case ReplicaReady(FunctionName name, _, _) -> {
          ready.merge(name, 1, Integer::sum);
          failures.remove(name);
          changed.signalAll();
        }
        case StartFailed(FunctionName name, String reason, List<String> lastLogLines) -> {
          failures.put(name, withLastLine(reason, lastLogLines));
          changed.signalAll();
        }
        case FunctionDeleted(FunctionName name) -> {
          ready.remove(name);
          failures.remove(name);
        }
        case FunctionChanged _, ReplicaDraining _, ReplicaGone _ -> {
          // once ready is ready: this tells that a start went well, not who is there now
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until each of them has had a ready replica or has failed to start; the provider goes on
   * trying with those.
   *
   * @return those that have had none, with the reason where the provider told one
   */
  Map<FunctionName, String> await(Set<FunctionName> names, Duration timeout)
      throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (!settled(names) && left > 0) {
        left = changed.awaitNanos(left);
      }
      Map<FunctionName, String> missing = new LinkedHashMap<>();
      for (FunctionName name : names) {
        if (!ready.containsKey(name)) {
          missing.put(name, failures.getOrDefault(name, notYet(timeout)));
        }
      }
      return missing;
    } finally {
      lock.unlock();
    }
  }

  private boolean settled(Set<FunctionName> names) {
    return names.stream().allMatch(name -> ready.containsKey(name) || failures.containsKey(name));
  }

  /** What a program says last is mostly why it ended. */
  private static String withLastLine(String reason, List<String> lastLogLines) {
    return lastLogLines.isEmpty() ? reason : reason + ": " + lastLogLines.getLast().strip();
  }

  private static String notYet(Duration timeout) {
    return "not ready after " + TimeUnit.NANOSECONDS.toSeconds(timeout.toNanos()) + " s";
  }
}
