package dev.barista.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Bytes both ways between a client and a replica that have agreed on a WebSocket. What they say is
 * not looked at. Ends exactly once: with the replica's connection, whose last bytes the client
 * still gets, with the client's, or with the call's time. A client that ends its sending side has
 * that passed on, and goes on to receive.
 */
final class Tunnel implements ExchangePeer, UpstreamPeer {

  private static final int SWITCHING = 101;

  private final ServerExchange exchange;
  private final ServerConnection client;
  private final UpstreamConnection replica;
  private final ProxyListener listener;

  // Mutable state
  private boolean ended;

  private Tunnel(ServerExchange exchange, UpstreamConnection replica, ProxyListener listener) {
    this.exchange = exchange;
    this.client = exchange.connection();
    this.replica = replica;
    this.listener = listener;
  }

  /** Takes both connections over from HTTP, after the answer that agrees has been written. */
  static void open(ServerExchange exchange, UpstreamConnection replica, ProxyListener listener) {
    Tunnel tunnel = new Tunnel(exchange, replica, listener);
    exchange.attach(tunnel);
    tunnel.client.tunnel(tunnel);
    replica.tunnel(tunnel);
    // Last, since what the parsers still hold comes out as they leave.
    tunnel.client.leaveHttp();
    replica.leaveHttp();
    tunnel.balance();
  }

  // ---- from the client

  void fromClient(Object bytes) {
    if (!ended && bytes instanceof ByteBuf) {
      replica.write(bytes);
    } else {
      ReferenceCountUtil.release(bytes);
    }
  }

  void clientInputEnded() {
    if (!ended) {
      replica.endOutput();
    }
  }

  @Override
  public void part(HttpContent part) {
    part.release();
  }

  @Override
  public void partsPaused() {
    if (!ended) {
      replica.flush();
      balance();
    }
  }

  @Override
  public void clientWritabilityChanged() {
    balance();
  }

  @Override
  public void aborted(int status, @Nullable HttpException refusal) {
    if (!ended) {
      ended = true;
      replica.abandon();
      listener.ended(new ProxyOutcome.Answered(SWITCHING));
    }
  }

  // ---- from the replica

  @Override
  public void answerArrived(Object bytes) {
    if (!ended && bytes instanceof ByteBuf) {
      client.write(bytes);
    } else {
      ReferenceCountUtil.release(bytes);
    }
  }

  @Override
  public void answerPaused() {
    if (!ended) {
      client.flush();
      balance();
    }
  }

  @Override
  public void connectionLost(Throwable cause) {
    if (!ended) {
      ended = true;
      exchange.detach();
      listener.ended(new ProxyOutcome.Answered(SWITCHING));
      exchange.answer().tunnelEnded();
    }
  }

  // ---- both

  @Override
  public void balance() {
    if (!ended) {
      replica.reading(client.writable());
      client.tunnelReading(replica.writable());
    }
  }

  @Override
  public void cancel() {
    if (!ended) {
      ended = true;
      replica.abandon();
      exchange.cut();
      listener.ended(new ProxyOutcome.Cancelled(/* answerStarted= */ true));
    }
  }
}
