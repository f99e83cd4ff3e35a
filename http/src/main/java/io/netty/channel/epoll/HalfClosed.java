package io.netty.channel.epoll;

import io.netty.channel.Channel;
import java.io.IOException;

/**
 * Keeps a channel usable whose other side has ended its sending. Netty 4.2 takes such a channel out
 * of epoll as soon as nothing is to be read and nothing waits to be written, and fails with ENOENT
 * when it wants to wait for a slow reader afterwards: the answer would be cut off. With the
 * edge-triggered flag the set of flags is never empty, and the end of input, which would be
 * reported for ever otherwise, is reported once. In this package because the flags are its own.
 */
public final class HalfClosed {

  private HalfClosed() {}

  /**
   * To be called while the end of input is being told. Channels of other transports need nothing.
   *
   * @throws IOException when the kernel refuses it
   */
  public static void keepRegistered(Channel channel) throws IOException {
    if (channel instanceof AbstractEpollChannel epoll) {
      epoll.setFlag(Native.EPOLLET);
    }
  }
}
