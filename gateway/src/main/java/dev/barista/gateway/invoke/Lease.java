package dev.barista.gateway.invoke;

/**
 * The right to send one call to one replica. Used by one thread at a time. Closing it more than
 * once has no effect.
 */
final class Lease implements Admission, AutoCloseable {

  private final FunctionPool pool;
  private final ReplicaSlot slot;

  // Mutable state
  private boolean closed;

  Lease(FunctionPool pool, ReplicaSlot slot) {
    this.pool = pool;
    this.slot = slot;
  }

  ReplicaSlot slot() {
    return slot;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      slot.leave();
      pool.leaseClosed();
    }
  }
}
