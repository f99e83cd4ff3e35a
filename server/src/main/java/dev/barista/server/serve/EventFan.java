package dev.barista.server.serve;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.provider.spi.ProviderListener;
import java.util.List;

/**
 * Tells every event to several listeners, one after the other.
 *
 * @param listeners of which at most one knows of calls
 */
record EventFan(List<ProviderListener> listeners) implements ProviderListener {

  EventFan {
    listeners = List.copyOf(listeners);
  }

  static EventFan of(ProviderListener... listeners) {
    return new EventFan(List.of(listeners));
  }

  @Override
  public void onEvent(ProviderEvent event) {
    listeners.forEach(listener -> listener.onEvent(event));
  }

  @Override
  public int callsOn(FunctionName function, ReplicaId replica) {
    return listeners.stream().mapToInt(listener -> listener.callsOn(function, replica)).sum();
  }
}
