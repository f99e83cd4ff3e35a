package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpObjectEncoder;
import io.netty.handler.codec.http.HttpRequest;

/** Writes a request's target byte by byte as it came in, where Netty's encoder would change it. */
final class RequestEncoder extends HttpObjectEncoder<HttpRequest> {

  private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(ISO_8859_1);

  @Override
  protected void encodeInitialLine(ByteBuf buffer, HttpRequest request) {
    buffer.writeCharSequence(request.method().name(), ISO_8859_1);
    buffer.writeByte(' ');
    buffer.writeCharSequence(request.uri(), ISO_8859_1);
    buffer.writeBytes(VERSION);
  }
}
