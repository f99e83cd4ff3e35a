package dev.barista.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A listener and its connections. Thread-safe. */
public final class HttpServer implements AutoCloseable {

  private static final int KERNEL_LINE = 1024;

  private final HttpServerConfig config;
  private final EventLoops loops;
  private final ServerContext context;
  private final AtomicInteger open = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition connectionClosed = lock.newCondition();

  // Mutable state
  private volatile Channel listener;
  private volatile boolean draining;

  private HttpServer(
      HttpServerConfig config,
      EventLoops loops,
      Routes routes,
      ErrorMapper errors,
      RequestObserver observer)
      throws IOException {
    this.config = config;
    this.loops = loops;
    this.context = new ServerContext(config, routes, errors, observer, this::onConnectionClosed);
    this.listener = bind();
  }

  /**
   * Listens when it returns. A Unix-domain socket's file must not exist; its folder decides who may
   * connect.
   *
   * @throws IOException when the address is taken or can't be bound
   */
  public static HttpServer start(
      HttpServerConfig config,
      EventLoops loops,
      Routes routes,
      ErrorMapper errors,
      RequestObserver observer)
      throws IOException {
    return new HttpServer(config, loops, routes, errors, observer);
  }

  private Channel bind() throws IOException {
    SocketAddress address = config.address();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channelFactory(loops.netty().serverChannels(address))
            .option(ChannelOption.SO_BACKLOG, KERNEL_LINE)
            .handler(new Acceptor())
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accepted(channel);
                  }
                });
    if (address instanceof InetSocketAddress) {
      bootstrap
          .option(ChannelOption.SO_REUSEADDR, true)
          .childOption(ChannelOption.TCP_NODELAY, true);
    }
    ChannelFuture bound = bootstrap.bind(loops.netty().toNetty(address)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + shown(address) + ": " + reason(bound.cause()), bound.cause());
    }
    return bound.channel();
  }

  private static String shown(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? AddressText.hostAndPort(inet)
        : address.toString();
  }

  /** Without the system call's name and number, which Netty puts in front. */
  private static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String endOfCall = "): ";
    int at = message.lastIndexOf(endOfCall);
    return at < 0 ? message : message.substring(at + endOfCall.length());
  }

  private void accepted(Channel channel) {
    EventLoop loop = channel.eventLoop();
    ServerConnection connection = new ServerConnection(context, loops.context(loop));
    channel.pipeline().addLast(connection.decoder(), connection.encoder(), connection);
    if (draining) {
      connection.drain();
    }
  }

  /** Stops accepting at the limit; whoever comes then waits in the kernel's line. */
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Channel child) {
        if (open.incrementAndGet() >= config.maxConnections()) {
          ctx.channel().config().setAutoRead(false);
        }
        child.closeFuture().addListener(_ -> childClosed(ctx.channel()));
      }
      ctx.fireChannelRead(message);
    }

    private void childClosed(Channel parent) {
      if (open.getAndDecrement() >= config.maxConnections() && !draining) {
        parent.config().setAutoRead(true);
      }
    }
  }

  private void onConnectionClosed() {
    lock.lock();
    try {
      connectionClosed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Where it listens, with the real port. */
  public SocketAddress address() {
    return config.address() instanceof InetSocketAddress
        ? listener.localAddress()
        : config.address();
  }

  /** The TCP port; 0 on a Unix-domain socket. */
  public int port() {
    return address() instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }

  /** Connections open at this instant. */
  public int connections() {
    return open.get();
  }

  /**
   * Takes no new connection, ends those without a request, lets running exchanges finish and closes
   * their connections.
   *
   * @return whether all have finished in time
   */
  public boolean drain(Duration timeout) throws InterruptedException {
    draining = true;
    stopListening();
    for (ServerConnection connection : context.connections()) {
      connection.loop().run(connection::drain);
    }
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (!context.connections().isEmpty() && left > 0) {
        left = connectionClosed.awaitNanos(left);
      }
      return context.connections().isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void stopListening() {
    listener.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    if (config.address() instanceof UnixDomainSocketAddress unix) {
      try {
        Files.deleteIfExists(unix.getPath());
      } catch (IOException e) {
        System.getLogger(HttpServer.class.getName())
            .log(System.Logger.Level.WARNING, "cannot remove the socket " + unix, e);
      }
    }
  }

  /** Closes the listener and every connection at once. Idempotent. */
  @Override
  public void close() {
    draining = true;
    stopListening();
    for (ServerConnection connection : context.connections()) {
      connection.loop().run(connection::close);
    }
  }
}
