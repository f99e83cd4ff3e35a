package dev.barista.server.serve;

import dev.barista.http.ErrorMapper;
import dev.barista.http.EventLoops;
import dev.barista.http.HttpServer;
import dev.barista.http.HttpServerConfig;
import dev.barista.http.RequestObserver;
import dev.barista.http.Routes;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;

/** Starts listeners; where one can't, the sentence names the setting that governs it. */
final class Listening {

  private Listening() {}

  /**
   * @param port the setting that chooses the port
   */
  static HttpServer start(
      HttpServerConfig listener,
      String port,
      EventLoops loops,
      Routes routes,
      ErrorMapper errors,
      RequestObserver observer) {
    try {
      return HttpServer.start(listener, loops, routes, errors, observer);
    } catch (IOException e) {
      String advice =
          isElsewhere(listener.address())
              ? "choose an address of this machine with --host"
              : "choose another port with " + port + ", or 0 for a free one";
      throw new ServeException(e.getMessage() + ": " + advice, e);
    }
  }

  /** Asked after a failure only: some systems let a program listen on such an address. */
  private static boolean isElsewhere(SocketAddress address) {
    try {
      return address instanceof InetSocketAddress inet
          && !inet.getAddress().isAnyLocalAddress()
          && !isIpv4Loopback(inet.getAddress())
          && NetworkInterface.getByInetAddress(inet.getAddress()) == null;
    } catch (SocketException e) {
      return false;
    }
  }

  /** A machine has all of 127.0.0.0/8, and lists one. */
  private static boolean isIpv4Loopback(InetAddress address) {
    return address instanceof Inet4Address && address.isLoopbackAddress();
  }
}
