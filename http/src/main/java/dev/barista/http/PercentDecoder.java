package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Decodes one segment of a path; '+' is a plus there. */
final class PercentDecoder {

  private PercentDecoder() {}

  /**
   * @throws HttpException {@code MALFORMED} for a '%' without two hexadecimal digits
   */
  static String decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return new String(raw.getBytes(ISO_8859_1), UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(hex(raw, i + 1) << 4 | hex(raw, i + 2));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(UTF_8);
  }

  private static int hex(String raw, int at) {
    int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    if (digit < 0) {
      throw RequestRules.malformed("the path is not validly percent-encoded");
    }
    return digit;
  }
}
