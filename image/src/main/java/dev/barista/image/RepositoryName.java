package dev.barista.image;

import dev.barista.api.Printable;
import dev.barista.image.RegistryException.Code;
import java.util.regex.Pattern;

/** Names, tags and digests as the OCI distribution specification writes them. */
final class RepositoryName {

  private static final String WORD = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern NAME = Pattern.compile(WORD + "(?:/" + WORD + ")*");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /** What clients support at most, less the longest host name in front. */
  private static final int LONGEST = 255;

  private RepositoryName() {}

  /**
   * The store's form of a name: {@code library/x} and {@code x} are one repository.
   *
   * @throws RegistryException NAME_INVALID
   */
  static String parse(String name) {
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw new RegistryException(
          Code.NAME_INVALID,
          "repository name: "
              + Printable.quoted(name)
              + " (expected: words of a-z and 0-9 with '.', '_' or '-' inside, separated by '/', at"
              + " most 255 characters)");
    }
    return ImageReference.parse(name).repository();
  }

  static boolean isDigest(String reference) {
    return reference.indexOf(':') >= 0;
  }

  /**
   * @throws RegistryException DIGEST_INVALID
   */
  static String requireDigest(String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      throw new RegistryException(
          Code.DIGEST_INVALID,
          "digest: " + Printable.quoted(digest) + " (expected: sha256: and 64 hex digits)");
    }
    return digest;
  }

  /**
   * @throws RegistryException MANIFEST_INVALID
   */
  static String requireTag(String tag) {
    if (!isTag(tag)) {
      throw new RegistryException(
          Code.MANIFEST_INVALID,
          "tag: "
              + Printable.quoted(tag)
              + " (expected: letters, digits, '_', '.', '-', at most 128)");
    }
    return tag;
  }

  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }
}
