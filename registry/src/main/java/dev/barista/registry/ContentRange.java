package dev.barista.registry;

import dev.barista.http.RequestHead;
import dev.barista.image.RegistryException;
import dev.barista.image.RegistryException.Code;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes of a blob a request carries.
 *
 * @param from of the first one; -1 = the next, wherever that is
 * @param length -1 = not known
 */
record ContentRange(long from, long length) {

  /** OCI's own form; HTTP's unit and total are tolerated. */
  private static final Pattern GRAMMAR =
      Pattern.compile("(?:bytes[ =])?([0-9]{1,18})-([0-9]{1,18})(?:/(?:[0-9]{1,18}|\\*))?");

  /**
   * @throws RegistryException BLOB_UPLOAD_INVALID for no range, SIZE_INVALID when it isn't as long
   *     as the body
   */
  static ContentRange of(RequestHead head) {
    long declared = head.header("Content-Length").map(Long::parseLong).orElse(-1L);
    Optional<String> given = head.header("Content-Range");
    if (given.isEmpty()) {
      return new ContentRange(-1, bodyLength(head, declared));
    }
    Matcher matcher = GRAMMAR.matcher(given.get().strip());
    if (!matcher.matches()) {
      throw new RegistryException(
          Code.BLOB_UPLOAD_INVALID,
          416,
          "Content-Range: \"" + given.get() + "\" (expected: such as 0-1023)");
    }
    long from = Long.parseLong(matcher.group(1));
    long length = Long.parseLong(matcher.group(2)) - from + 1;
    if (length < 0 || (declared >= 0 && declared != length)) {
      throw new RegistryException(
          Code.SIZE_INVALID, "Content-Range and Content-Length don't fit together");
    }
    return new ContentRange(from, length);
  }

  /** No length and no chunks: no body. */
  private static long bodyLength(RequestHead head, long declared) {
    return declared < 0 && head.header("Transfer-Encoding").isEmpty() ? 0 : declared;
  }
}
