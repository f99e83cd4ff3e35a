package dev.barista.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;

/**
 * How a client's connection ends: at once, after its last answer, or lingering. The last is for an
 * answer given before the whole request was read: closing with unread data would reset the
 * connection and destroy the answer on its way. So only the sending side is ended, and what the
 * client still sends is dropped, until it ends its side or {@link ConnectionWatch} has waited long
 * enough. Used on the connection's event loop.
 */
final class ConnectionEnd {

  private final ServerConnection connection;
  private final ConnectionWatch watch;

  // Mutable state
  private boolean begun;

  ConnectionEnd(ServerConnection connection, ConnectionWatch watch) {
    this.connection = connection;
    this.watch = watch;
  }

  /** Whether the connection is closed, or will be without another answer. */
  boolean begun() {
    return begun;
  }

  void atOnce() {
    begun = true;
    var _ = connection.context().close();
  }

  /** The end of an answer to a slow reader may still be on its way. */
  void whenSent() {
    if (connection.unsentBytes() == 0) {
      atOnce();
    } else if (!begun) {
      afterFlush();
    }
  }

  void afterFlush() {
    begun = true;
    connection
        .context()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(ChannelFutureListener.CLOSE);
  }

  void lingering() {
    begun = true;
    watch.lingering(System.nanoTime());
    connection
        .context()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              if (done.isSuccess()
                  && connection.context().channel() instanceof DuplexChannel duplex) {
                var _ = duplex.shutdownOutput();
                connection.updateReading();
              } else {
                atOnce();
              }
            });
  }
}
