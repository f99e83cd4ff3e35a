package dev.barista.provider.spi;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;

/** Receives what a provider tells. Must be thread-safe, return quickly and not throw. */
@FunctionalInterface
public interface ProviderListener {
  void onEvent(ProviderEvent event);

  /**
   * How many calls are on a ready replica now, as far as the listener knows: a provider that ends
   * some of a function's replicas ends the least busy ones.
   */
  default int callsOn(FunctionName function, ReplicaId replica) {
    return 0;
  }
}
