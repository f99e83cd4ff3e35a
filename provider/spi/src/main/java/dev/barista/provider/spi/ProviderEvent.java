package dev.barista.provider.spi;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import java.util.List;

/**
 * What a provider tells the platform, so that nothing polls it. Events of one function arrive one
 * after the other, in the order in which they happened; those of different functions may overlap.
 */
public sealed interface ProviderEvent {

  FunctionName function();

  /**
   * A function exists, or its spec, policy or desired count changed.
   *
   * @param desiredReplicas 0 = at zero, a call has to scale it up first
   */
  record FunctionChanged(FunctionSpec spec, InvocationPolicy policy, int desiredReplicas)
      implements ProviderEvent {
    @Override
    public FunctionName function() {
      return spec.name();
    }
  }

  /** A function is deleted. Its replicas have been announced as draining or gone before. */
  record FunctionDeleted(FunctionName function) implements ProviderEvent {}

  /** A replica accepts calls. */
  record ReplicaReady(FunctionName function, ReplicaId replica, Endpoint endpoint)
      implements ProviderEvent {}

  /**
   * A replica takes no new calls. When the listener returns, none is sent to it any more; the
   * platform runs {@code whenIdle} exactly once, from any thread, as soon as the last call on it
   * has ended (at once if there is none). The provider ends the replica then, or when its own
   * patience ends.
   */
  record ReplicaDraining(FunctionName function, ReplicaId replica, Runnable whenIdle)
      implements ProviderEvent {}

  /**
   * A replica that was ready ended, whether expected or not; calls on it fail. A replica that is
   * started again after a crash keeps its identity and becomes ready anew.
   */
  record ReplicaGone(FunctionName function, ReplicaId replica, String reason)
      implements ProviderEvent {}

  /**
   * A replica could not be started: it crashed before it was ready, or doesn't fit on the node. The
   * provider goes on trying; callers who wait for the function are told at once.
   *
   * @param reason one sentence for the user
   * @param lastLogLines what the replica wrote before it ended
   */
  record StartFailed(FunctionName function, String reason, List<String> lastLogLines)
      implements ProviderEvent {
    public StartFailed {
      lastLogLines = List.copyOf(lastLogLines);
    }
  }
}
