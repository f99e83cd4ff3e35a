package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.provider.spi.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client for replicas, as small as can be. */
final class Calls {

  private Calls() {}

  /** The body of the answer to a GET. */
  static String get(Endpoint endpoint, String path) throws IOException {
    try (SocketChannel channel =
        endpoint.address() instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open()) {
      channel.connect(endpoint.address());
      String head = "GET " + path + " HTTP/1.0\r\nHost: test\r\n\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(UTF_8)));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(8_192);
      while (channel.read(buffer.clear()) >= 0) {
        answer.write(buffer.array(), 0, buffer.position());
      }
      String text = answer.toString(UTF_8);
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }

  /** What a shell in the replica says to a command. */
  static String shell(Endpoint endpoint, String command) throws IOException {
    return get(endpoint, "/run?" + URLEncoder.encode(command, UTF_8).replace("+", "%20"));
  }
}
