package dev.barista.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/** Rules for request targets and their paths. */
final class Targets {

  private Targets() {}

  /**
   * The target in origin form: {@code http://host/path?query} becomes {@code /path?query}.
   *
   * @throws HttpException {@code MALFORMED} for anything that names no path of this server
   */
  static String originForm(String target) {
    if (target.startsWith("/") || target.equals("*")) {
      return withoutFragment(target);
    }
    if (target.regionMatches(/* ignoreCase= */ true, 0, "http://", 0, 7)
        || target.regionMatches(/* ignoreCase= */ true, 0, "https://", 0, 8)) {
      return pathOfAbsolute(target);
    }
    throw new HttpException(
        HttpException.Kind.MALFORMED, "the request target is neither a path nor an http URL");
  }

  private static String pathOfAbsolute(String target) {
    int authority = target.indexOf("//") + 2;
    for (int i = authority; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/') {
        return withoutFragment(target.substring(i));
      }
      if (c == '?') {
        return "/" + withoutFragment(target.substring(i));
      }
    }
    return "/";
  }

  private static String withoutFragment(String target) {
    int hash = target.indexOf('#');
    return hash < 0 ? target : target.substring(0, hash);
  }

  /**
   * The path without {@code //}, {@code /./} and {@code /../} (also percent-encoded), or empty when
   * it is clean already. A trailing slash stays.
   */
  static Optional<String> cleaned(String rawPath) {
    return unclean(rawPath) ? Optional.of(clean(rawPath)) : Optional.empty();
  }

  private static boolean unclean(String path) {
    int length = path.length();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      int next = slash + 1;
      if (next < length && path.charAt(next) == '/') {
        return true;
      }
      int dots = dotSegment(path, next);
      if (dots > 0) {
        return true;
      }
    }
    return false;
  }

  /** Number of dots (1 or 2) if the segment that begins at {@code from} is only that, else 0. */
  private static int dotSegment(String path, int from) {
    int dots = 0;
    int i = from;
    while (i < path.length() && path.charAt(i) != '/') {
      if (path.charAt(i) == '.') {
        i++;
      } else if (path.regionMatches(/* ignoreCase= */ true, i, "%2e", 0, 3)) {
        i += 3;
      } else {
        return 0;
      }
      dots++;
    }
    return dots <= 2 ? dots : 0;
  }

  private static String clean(String path) {
    Deque<String> kept = new ArrayDeque<>();
    boolean trailingSlash = false;
    int from = 1;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int end = slash < 0 ? path.length() : slash;
      int dots = dotSegment(path, from);
      if (dots == 2) {
        kept.pollLast();
      } else if (dots == 0 && end > from) {
        kept.addLast(path.substring(from, end));
      }
      trailingSlash = slash >= 0 ? slash == path.length() - 1 : dots > 0;
      from = end + 1;
    }
    return joined(kept, trailingSlash);
  }

  private static String joined(Deque<String> segments, boolean trailingSlash) {
    StringBuilder path = new StringBuilder("/");
    Iterator<String> iterator = segments.iterator();
    while (iterator.hasNext()) {
      path.append(iterator.next());
      if (iterator.hasNext() || trailingSlash) {
        path.append('/');
      }
    }
    return path.toString();
  }
}
