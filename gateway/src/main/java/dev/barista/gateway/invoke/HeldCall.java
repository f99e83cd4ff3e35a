package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;
import java.util.List;

/** A call that waits for a replica. Told from any thread; must return at once. */
interface HeldCall {

  /** Replicas that are of no use to it; doesn't change while it is held. */
  List<ReplicaSlot> tried();

  /** It is its turn: the lease is the call's now. It is not held any more. */
  void granted(Lease lease);

  /** No replica will be. The call is not held any more. */
  void giveUp(FaasException reason);
}
