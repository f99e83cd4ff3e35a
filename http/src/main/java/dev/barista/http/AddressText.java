package dev.barista.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Network addresses as people, browsers and {@code Host} headers write them: an IPv6 address short
 * (RFC 5952), without the interface it belongs to, and in brackets before a port (RFC 3986, 3.2.2).
 * Java writes each of its zeros, and appends the interface.
 */
public final class AddressText {

  private AddressText() {}

  /** Such as {@code 127.0.0.1} or {@code 2001:db8::1}. */
  public static String ip(InetAddress address) {
    return NetUtil.toAddressString(address);
  }

  /** Such as {@code 127.0.0.1:80} or {@code [2001:db8::1]:80}, whatever its name. */
  public static String ipAndPort(InetSocketAddress address) {
    return NetUtil.toSocketAddressString(address);
  }

  /** The same with the name, if the address was given by name: {@code localhost:80}. */
  public static String hostAndPort(InetSocketAddress address) {
    String host = address.getHostString();
    return host.indexOf(':') < 0 ? host + ":" + address.getPort() : ipAndPort(address);
  }
}
