package dev.barista.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** The kernel interface below the event loops, and its kinds of channels. */
enum Transport {
  EPOLL,
  NIO;

  String shownName() {
    return this == EPOLL ? "epoll" : "nio";
  }

  ChannelFactory<ServerChannel> serverChannels(SocketAddress address) {
    boolean unix = address instanceof UnixDomainSocketAddress;
    return switch (this) {
      case EPOLL -> unix ? EpollServerDomainSocketChannel::new : EpollServerSocketChannel::new;
      case NIO -> unix ? NioServerDomainSocketChannel::new : NioServerSocketChannel::new;
    };
  }

  ChannelFactory<Channel> clientChannels(SocketAddress address) {
    boolean unix = address instanceof UnixDomainSocketAddress;
    return switch (this) {
      case EPOLL -> unix ? EpollDomainSocketChannel::new : EpollSocketChannel::new;
      case NIO -> unix ? NioDomainSocketChannel::new : NioSocketChannel::new;
    };
  }

  /** The address in the class that this transport's channels take. */
  SocketAddress toNetty(SocketAddress address) {
    return this == EPOLL && address instanceof UnixDomainSocketAddress unix
        ? new DomainSocketAddress(unix.getPath().toString())
        : address;
  }
}
