package dev.barista.http;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A replica's unused connections on one event loop: the youngest is used first, the oldest ages.
 *
 * <p>INVARIANT: each connection in here has a place in both budgets.
 */
final class IdleConnections {

  private final LoopContext loop;
  private final long idleNanos;
  private final IdleBudget ofReplica;
  private final IdleBudget ofAll;
  private final ArrayDeque<UpstreamConnection> connections = new ArrayDeque<>(0);
  private final LoopContext.Watcher watcher =
      new LoopContext.Watcher() {
        @Override
        void tick(long nowNanos) {
          closeOld(nowNanos);
        }
      };

  IdleConnections(LoopContext loop, UpstreamConfig config, IdleBudget ofReplica, IdleBudget ofAll) {
    this.loop = loop;
    this.idleNanos = config.idleTimeout().toNanos();
    this.ofReplica = ofReplica;
    this.ofAll = ofAll;
  }

  @Nullable UpstreamConnection take() {
    UpstreamConnection connection = connections.pollFirst();
    if (connection == null) {
      return null;
    }
    left();
    return connection;
  }

  /** Keeps a connection for the next call, or closes it when there are enough. */
  void give(UpstreamConnection connection) {
    if (!ofReplica.tryKeep()) {
      connection.close();
    } else if (!ofAll.tryKeep()) {
      ofReplica.release();
      connection.close();
    } else {
      connection.idleSince(loop.coarseNanos());
      connections.addFirst(connection);
      loop.watch(watcher);
    }
  }

  /** The other side closed it. */
  void remove(UpstreamConnection connection) {
    if (connections.remove(connection)) {
      left();
    }
  }

  void closeAll() {
    while (!connections.isEmpty()) {
      closeLast();
    }
  }

  int size() {
    return connections.size();
  }

  private void closeOld(long now) {
    while (!connections.isEmpty() && now - connections.getLast().idleSince() > idleNanos) {
      closeLast();
    }
  }

  private void closeLast() {
    UpstreamConnection oldest = connections.pollLast();
    left();
    if (oldest != null) {
      oldest.close();
    }
  }

  private void left() {
    ofReplica.release();
    ofAll.release();
    if (connections.isEmpty()) {
      loop.unwatch(watcher);
    }
  }
}
