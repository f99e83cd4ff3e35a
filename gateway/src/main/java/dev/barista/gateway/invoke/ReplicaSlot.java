package dev.barista.gateway.invoke;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ReplicaId;
import dev.barista.http.AddressText;
import dev.barista.http.Upstream;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One replica and the calls on it. The one owner of the in-flight count is the {@link Lease}.
 * Thread-safe, without a lock.
 *
 * <p>INVARIANT: {@code state} is the number of open leases, plus {@link #DRAINING} once no new one
 * is given. It becomes exactly {@code DRAINING} once, by the last lease or by draining an idle
 * replica; whoever brings that about runs {@code whenIdle}.
 */
final class ReplicaSlot {

  private static final int DRAINING = Integer.MIN_VALUE;

  private final ReplicaId id;
  private final Upstream upstream;
  private final Executor idleRunner;
  private final String host;
  private final AtomicInteger state = new AtomicInteger();

  // Mutable state; written once, before state becomes DRAINING
  private volatile @Nullable Runnable whenIdle;

  /**
   * @param idleRunner runs the provider's code, which may block, away from the event loop
   */
  ReplicaSlot(ReplicaId id, Upstream upstream, Executor idleRunner) {
    this.id = requireNonNull(id, "id");
    this.upstream = requireNonNull(upstream, "upstream");
    this.idleRunner = requireNonNull(idleRunner, "idleRunner");
    this.host =
        upstream.address() instanceof InetSocketAddress inet
            ? AddressText.hostAndPort(inet)
            : "localhost";
  }

  ReplicaId id() {
    return id;
  }

  Upstream upstream() {
    return upstream;
  }

  /** What calls to this replica carry as {@code Host}. */
  String host() {
    return host;
  }

  /** Calls on this replica at this instant. */
  int inFlight() {
    return state.get() & Integer.MAX_VALUE;
  }

  /**
   * @param most calls that may run at the same time; 0 = any number
   */
  boolean tryEnter(int most) {
    for (int seen = state.get(); ; ) {
      if (seen < 0 || (most > 0 && seen >= most)) {
        return false;
      }
      int before = state.compareAndExchange(seen, seen + 1);
      if (before == seen) {
        return true;
      }
      seen = before;
    }
  }

  void leave() {
    if (state.decrementAndGet() == DRAINING) {
      idle();
    }
  }

  /** Gives no new lease; runs {@code action} once when the last one is closed. */
  void drain(Runnable action) {
    whenIdle = action;
    int before = state.getAndUpdate(seen -> seen | DRAINING);
    if (before == 0) {
      idle();
    }
  }

  private void idle() {
    upstream.close();
    Runnable action = whenIdle;
    if (action != null) {
      idleRunner.execute(action);
    }
  }

  @Override
  public String toString() {
    return id + " (" + inFlight() + " in flight)";
  }
}
