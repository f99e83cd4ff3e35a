package dev.barista.http;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A replica's unused connections on one event loop: the youngest is used first, the oldest ages.
 */
final class IdleConnections {

  private final LoopContext loop;
  private final int most;
  private final long idleNanos;
  private final ArrayDeque<UpstreamConnection> connections = new ArrayDeque<>();
  private final LoopContext.Watcher watcher =
      new LoopContext.Watcher() {
        @Override
        void tick(long nowNanos) {
          closeOld(nowNanos);
        }
      };

  IdleConnections(LoopContext loop, UpstreamConfig config) {
    this.loop = loop;
    this.most = config.maxIdle();
    this.idleNanos = config.idleTimeout().toNanos();
  }

  @Nullable UpstreamConnection take() {
    UpstreamConnection connection = connections.pollFirst();
    if (connection == null) {
      return null;
    }
    if (connections.isEmpty()) {
      loop.unwatch(watcher);
    }
    return connection;
  }

  void give(UpstreamConnection connection) {
    if (connections.size() >= most) {
      connection.close();
      return;
    }
    connection.idleSince(loop.coarseNanos());
    connections.addFirst(connection);
    loop.watch(watcher);
  }

  /** The other side closed it. */
  void remove(UpstreamConnection connection) {
    connections.remove(connection);
    if (connections.isEmpty()) {
      loop.unwatch(watcher);
    }
  }

  void closeAll() {
    loop.unwatch(watcher);
    while (!connections.isEmpty()) {
      connections.poll().close();
    }
  }

  int size() {
    return connections.size();
  }

  private void closeOld(long now) {
    while (!connections.isEmpty() && now - connections.getLast().idleSince() > idleNanos) {
      connections.pollLast().close();
    }
    if (connections.isEmpty()) {
      loop.unwatch(watcher);
    }
  }
}
