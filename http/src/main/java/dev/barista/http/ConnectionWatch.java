package dev.barista.http;

import java.util.concurrent.TimeUnit;

/**
 * Keeps the time of one client's connection: who may be silent for how long. Looked at once a tick,
 * on the connection's event loop.
 */
final class ConnectionWatch extends LoopContext.Watcher {

  /** Time that a client has for its answer after it has closed its sending side. */
  static final int HALF_CLOSED_SECONDS = 1;

  private static final int LINGER_SECONDS = 2;

  private final ServerConnection connection;
  private final HttpServerConfig config;
  private final long readNanos;
  private final long idleNanos;
  private final long writeNanos;

  // Mutable state; a time of 0 is "not set"
  private long headSince;
  private boolean headBegun;
  private long idleSince;
  private long lastArrival;
  private long lingerUntil;
  private long halfClosedUntil;
  private long unsentBytes;
  private long unsentSince;

  ConnectionWatch(ServerConnection connection, HttpServerConfig config) {
    this.connection = connection;
    this.config = config;
    this.readNanos = config.readTimeout().toNanos();
    this.idleNanos = config.idleTimeout().toNanos();
    this.writeNanos = config.writeTimeout().toNanos();
  }

  void opened(long now) {
    headSince = nonZero(now);
    idleSince = now;
  }

  void bytesArrived(long now, boolean betweenRequests) {
    lastArrival = now;
    if (betweenRequests && !headBegun) {
      headBegun = true;
      headSince = nonZero(now);
    }
  }

  void headComplete() {
    headBegun = false;
    headSince = 0;
  }

  void idle(long now) {
    idleSince = now;
  }

  void readingChanged(long now) {
    lastArrival = now;
  }

  void halfClosed(long now) {
    halfClosedUntil = nonZero(now + TimeUnit.SECONDS.toNanos(HALF_CLOSED_SECONDS));
  }

  void lingering(long now) {
    lingerUntil = nonZero(now + TimeUnit.SECONDS.toNanos(LINGER_SECONDS));
  }

  @Override
  void tick(long now) {
    ServerExchange exchange = connection.current();
    if (connection.lingering()) {
      // Not set while the last bytes leave; the write timeout watches those.
      if (lingerUntil != 0 && now - lingerUntil > 0) {
        connection.close();
        return;
      }
    } else if (exchange != null) {
      tickExchange(exchange, now);
    } else if (headSince != 0) {
      tickHead(now);
    } else if (now - idleSince > idleNanos) {
      connection.close();
      return;
    }
    tickWrites(now);
  }

  private void tickExchange(ServerExchange exchange, long now) {
    if (halfClosedUntil != 0 && now - halfClosedUntil > 0) {
      connection.close();
    } else if (!exchange.bodyComplete() && connection.reading() && now - lastArrival > readNanos) {
      exchange.refuse(slow("the request's body"));
    } else {
      exchange.tick();
    }
  }

  private void tickHead(long now) {
    if (now - headSince > readNanos) {
      if (headBegun) {
        connection.refuseHead(slow("the request's head"));
      } else {
        connection.close();
      }
    }
  }

  private HttpException slow(String what) {
    return new HttpException(
        HttpException.Kind.SLOW_SENDER,
        what + " did not arrive within " + config.readTimeout().toMillis() + " ms",
        "readTimeout");
  }

  private void tickWrites(long now) {
    long unsent = connection.unsentBytes();
    if (unsent == 0 || unsent != unsentBytes) {
      unsentBytes = unsent;
      unsentSince = now;
    } else if (now - unsentSince > writeNanos) {
      connection.close();
    }
  }

  private static long nonZero(long nanos) {
    return nanos == 0 ? 1 : nanos;
  }
}
