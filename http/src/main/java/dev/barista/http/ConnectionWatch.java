package dev.barista.http;

import io.netty.handler.codec.http.HttpRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the time of one client's connection: who may be silent for how long. Looked at once a tick,
 * on the connection's event loop.
 *
 * <p>A client that has ended its sending side either waits for its answer or has gone; the kernel
 * knows only when something is written to it, since one that has gone answers that with a reset. So
 * it is sent something without meaning after 1 s, 2 s, 4 s …, and the second write at the latest
 * fails if it has gone: before the answer {@code 100 Continue}, which a client drops that hasn't
 * asked for it (RFC 9110, 15.2.1); within a chunked one a zero in front of the next chunk's size
 * (RFC 9112, 7.1). A client that speaks HTTP/1.0 knows neither and counts as present until it is
 * written to.
 */
final class ConnectionWatch extends LoopContext.Watcher {

  /** A client that has ended its sending side is written to after this time, then twice this … */
  private static final long FIRST_PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Longest silence of a client that still sends what nobody reads; and longest time for that. */
  private static final long LINGER_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ServerConnection connection;
  private final HttpServerConfig config;
  private final HeadMemory.Share heads;
  private final long readNanos;
  private final long idleNanos;
  private final long writeNanos;

  // Mutable state; a time of 0 is "not set"
  private long headSince;
  private boolean headBegun;
  private long idleSince;
  private long lastArrival;
  private long lingerUntil;
  private long lingerSince;
  private long halfClosedSince;
  private long probeAt;
  private long unsentBytes;
  private long unsentSince;

  ConnectionWatch(ServerConnection connection, HttpServerConfig config, HeadMemory.Share heads) {
    this.connection = connection;
    this.config = config;
    this.heads = heads;
    this.readNanos = config.readTimeout().toNanos();
    this.idleNanos = config.idleTimeout().toNanos();
    this.writeNanos = config.writeTimeout().toNanos();
  }

  void opened(long now) {
    headSince = nonZero(now);
    idleSince = now;
  }

  /** Returns false if the bytes should be dropped: nobody wants them, or they don't fit. */
  boolean bytesArrived(long now, boolean betweenRequests, int bytes) {
    lastArrival = now;
    if (lingerUntil != 0) {
      lingerUntil =
          nonZero(Math.min(now - lingerSince + LINGER_SILENCE_NANOS, LINGER_NANOS) + lingerSince);
    }
    if (betweenRequests && !headBegun) {
      headBegun = true;
      headSince = nonZero(now);
    }
    if (betweenRequests && !connection.ending() && !heads.add(bytes)) {
      heads.release();
      connection.refuseHead(
          new HttpException(
              HttpException.Kind.OVERLOADED,
              "too many requests with long heads are under way: try again, or send a shorter one"));
      connection.leaveHttp(); // what the decoder holds of the head would stay until the end
    }
    return !connection.ending();
  }

  /** With a long head, what came with it of the body doesn't count any more. */
  void headComplete(HttpRequest request) {
    headComplete();
    if (!heads.isShort()) {
      long length = request.uri().length();
      for (Map.Entry<String, String> header : request.headers()) {
        length += header.getKey().length() + header.getValue().length();
      }
      heads.trim(length);
    }
  }

  void closed() {
    heads.release();
  }

  void headComplete() {
    headBegun = false;
    headSince = 0;
  }

  void idle(long now) {
    idleSince = now;
    heads.release();
  }

  void readingChanged(long now) {
    lastArrival = now;
  }

  void halfClosed(long now) {
    halfClosedSince = now;
    probeAt = nonZero(now + FIRST_PROBE_NANOS);
  }

  void lingering(long now) {
    lingerSince = now;
    lingerUntil = nonZero(now + LINGER_SILENCE_NANOS);
  }

  @Override
  void tick(long now) {
    ServerExchange exchange = connection.current();
    if (connection.ending()) {
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
    if (probeAt != 0 && now - probeAt > 0) {
      probeAt = nonZero(halfClosedSince + 2 * (now - halfClosedSince));
      exchange.answer().probe();
    }
    if (!exchange.bodyComplete() && connection.reading() && now - lastArrival > readNanos) {
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
