package dev.barista.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a body, so that a function can tell who called it: {@code sha256=} and the HMAC of the body
 * in hexadecimal, as GitHub's webhooks have it.
 *
 * @param header that carries it
 * @param key shared with the function; never shown
 */
record Signature(String header, String key) {

  /** A signature stands before the body, so the body is kept in memory. */
  private static final int MAX_BYTES = 64 << 20;

  static byte[] body(InputStream in) throws IOException {
    byte[] body = in.readNBytes(MAX_BYTES + 1);
    if (body.length > MAX_BYTES) {
      throw CliException.failed("--sign: the body is longer than 64 MiB, which is kept in memory");
    }
    return body;
  }

  String of(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "Signature[header=" + header + "]";
  }
}
