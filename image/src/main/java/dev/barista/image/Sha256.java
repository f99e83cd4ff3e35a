package dev.barista.image;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Digests as OCI writes them: {@code sha256:HEX}. */
final class Sha256 {

  private static final String PREFIX = "sha256:";
  private static final Pattern GRAMMAR = Pattern.compile("sha256:[0-9a-f]{64}");

  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String finish(MessageDigest digest) {
    return PREFIX + HexFormat.of().formatHex(digest.digest());
  }

  static String of(byte[] bytes) {
    MessageDigest digest = start();
    digest.update(bytes);
    return finish(digest);
  }

  /** The hex digits of a digest. Its check keeps a foreign manifest from naming paths. */
  static String hex(String digest) {
    if (!GRAMMAR.matcher(digest).matches()) {
      throw new FaasException(
          ErrorCode.IMAGE_INVALID, "image", "digest of an image isn't sha256 with 64 hex digits");
    }
    return digest.substring(PREFIX.length());
  }

  /** A digest as a file name: {@code sha256-HEX}. */
  static String fileName(String digest) {
    return "sha256-" + hex(digest);
  }
}
