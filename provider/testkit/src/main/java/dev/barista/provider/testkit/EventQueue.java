package dev.barista.provider.testkit;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderListener;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to a listener one after the other, in the order of {@link #add}, without the
 * caller's lock: a listener may call back. Thread-safe.
 */
final class EventQueue {

  private final Queue<ProviderEvent> waiting = new ArrayDeque<>();

  // Mutable state
  private @Nullable ProviderListener listener;
  private boolean delivering;

  synchronized void open(ProviderListener to) {
    listener = to;
  }

  synchronized void add(ProviderEvent event) {
    waiting.add(event);
  }

  /** What the listener says; takes no lock of its own while it is asked. */
  int callsOn(FunctionName function, ReplicaId replica) {
    ProviderListener asked;
    synchronized (this) {
      asked = listener;
    }
    return asked == null ? 0 : asked.callsOn(function, replica);
  }

  /** Delivers what waits, unless another caller is about it. Call without holding a lock. */
  void deliver() {
    while (true) {
      ProviderEvent event;
      ProviderListener to;
      synchronized (this) {
        if (delivering || listener == null) {
          return;
        }
        event = waiting.poll();
        if (event == null) {
          return;
        }
        to = listener;
        delivering = true;
      }
      try {
        to.onEvent(event);
      } finally {
        synchronized (this) {
          delivering = false;
        }
      }
    }
  }
}
