package dev.barista.watchdog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which bytes of a file a client asks for by {@code Range}. RFC 9110, 14. */
sealed interface ByteRange {

  /** No part, several at once (which a server may answer with everything), or no valid range. */
  record All() implements ByteRange {}

  record Part(long first, long last) implements ByteRange {}

  /** Beyond the end. */
  record Unsatisfiable() implements ByteRange {}

  Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  static ByteRange parse(String header, long size) {
    Matcher single = SINGLE.matcher(header.strip());
    if (!single.matches() || (single.group(1).isEmpty() && single.group(2).isEmpty())) {
      return new All();
    }
    if (single.group(1).isEmpty()) {
      long count = Math.min(size, Long.parseLong(single.group(2)));
      return count == 0 ? new Unsatisfiable() : new Part(size - count, size - 1);
    }
    long first = Long.parseLong(single.group(1));
    long last = single.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(single.group(2));
    if (last < first) {
      return new All();
    }
    return first >= size ? new Unsatisfiable() : new Part(first, Math.min(last, size - 1));
  }
}
