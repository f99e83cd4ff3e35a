package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;

/** A call that waits for a replica. Told from any thread; must return at once. */
interface HeldCall {

  /** A replica may be free now: try again. The call is not held any more. */
  void resume();

  /** No replica will be. The call is not held any more. */
  void giveUp(FaasException reason);
}
