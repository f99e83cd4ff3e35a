package dev.barista.http;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * One replica's address and its unused connections, kept per event loop, so that a call never
 * changes threads. Thread-safe; the owner closes it when the replica is gone: unused connections
 * close at once, used ones after their call.
 */
public final class Upstream implements AutoCloseable {

  private final EventLoops loops;
  private final SocketAddress address;
  private final UpstreamConfig config;
  private final IdleConnections[] idle;

  // Mutable state
  private volatile boolean closed;

  private Upstream(
      EventLoops loops, SocketAddress address, UpstreamConfig config, IdleBudget ofAll) {
    this.loops = loops;
    this.address = requireNonNull(address, "address");
    this.config = config;
    IdleBudget ofReplica = new IdleBudget(config.maxIdle());
    this.idle = new IdleConnections[loops.contexts().size()];
    for (LoopContext context : loops.contexts()) {
      idle[context.index()] = new IdleConnections(context, config, ofReplica, ofAll);
    }
  }

  /**
   * Connects to nothing yet.
   *
   * @param address {@link InetSocketAddress} or {@link java.net.UnixDomainSocketAddress}
   */
  public static Upstream to(EventLoops loops, SocketAddress address, UpstreamConfig config) {
    return to(loops, address, config, new IdleBudget(config.maxIdle()));
  }

  /**
   * Connects to nothing yet.
   *
   * @param address {@link InetSocketAddress} or {@link java.net.UnixDomainSocketAddress}
   * @param ofAll bounds the unused connections of several replicas together
   */
  public static Upstream to(
      EventLoops loops, SocketAddress address, UpstreamConfig config, IdleBudget ofAll) {
    return new Upstream(loops, address, config, ofAll);
  }

  public SocketAddress address() {
    return address;
  }

  UpstreamConfig config() {
    return config;
  }

  IdleConnections idle(LoopContext context) {
    return idle[context.index()];
  }

  boolean closed() {
    return closed;
  }

  /**
   * Opens a connection on a loop; its {@link UpstreamConnection} is the pipeline's last handler.
   */
  ChannelFuture connect(LoopContext context) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(context.loop())
            .channelFactory(loops.netty().clientChannels(address))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.min(Integer.MAX_VALUE, config.connectTimeout().toMillis()))
            // A failed write must not throw away an answer that is there to be read.
            .option(ChannelOption.AUTO_CLOSE, false)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    UpstreamConnection connection = new UpstreamConnection(Upstream.this, context);
                    channel
                        .pipeline()
                        .addLast(connection.encoder(), connection.decoder(), connection);
                  }
                });
    if (address instanceof InetSocketAddress) {
      bootstrap.option(ChannelOption.TCP_NODELAY, true);
    }
    return bootstrap.connect(loops.netty().toNetty(address));
  }

  /** Idempotent. */
  @Override
  public void close() {
    closed = true;
    for (LoopContext context : loops.contexts()) {
      context.run(idle(context)::closeAll);
    }
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
