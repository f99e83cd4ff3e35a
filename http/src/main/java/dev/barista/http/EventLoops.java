package dev.barista.http;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;

/** The threads of the data plane; shared by listeners and upstream pools. Thread-safe. */
public final class EventLoops implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(EventLoops.class.getName());

  private final EventLoopGroup group;
  private final Transport transport;
  private final IdentityHashMap<EventLoop, LoopContext> contexts;

  private EventLoops(EventLoopGroup group, int threads, Transport transport) {
    this.group = group;
    this.transport = transport;
    IdentityHashMap<EventLoop, LoopContext> byLoop = new IdentityHashMap<>();
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      HeadMemory heads = new HeadMemory(HeadMemory.ALL_BYTES / threads);
      byLoop.put(loop, new LoopContext(loop, byLoop.size(), heads));
    }
    this.contexts = byLoop;
  }

  /**
   * Uses Linux's epoll where its native library loads, else the JDK's selector, and logs which.
   *
   * @param threads 0 = one per processor
   */
  public static EventLoops start(int threads, String name) {
    SystemLoggers.install();
    Transport transport = Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO;
    if (transport == Transport.NIO) {
      LOG.log(
          System.Logger.Level.INFO,
          "native epoll is not available, using the JDK's selector: {0}",
          String.valueOf(Epoll.unavailabilityCause()));
    }
    return start(threads, name, transport);
  }

  static EventLoops start(int threads, String name, Transport transport) {
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    IoHandlerFactory factory =
        switch (transport) {
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory(name, /* daemon= */ true), factory),
        count,
        transport);
  }

  /** {@code epoll} or {@code nio}. */
  public String transport() {
    return transport.shownName();
  }

  /** How many there are. */
  public int count() {
    return contexts.size();
  }

  EventLoopGroup group() {
    return group;
  }

  LoopContext context(EventLoop loop) {
    return requireNonNull(contexts.get(loop), "an event loop of another group");
  }

  Collection<LoopContext> contexts() {
    return contexts.values();
  }

  Transport netty() {
    return transport;
  }

  /** Ends the threads; listeners and connections have been closed before. Idempotent. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
