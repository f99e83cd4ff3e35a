package dev.barista.http;

import java.util.ArrayList;
import java.util.List;

/**
 * One path pattern. See {@link Routes} for its language.
 *
 * @param text as written
 * @param parts literals and variables in turn: {@code /a/{x}/b} is "/a/", x, "/b"
 * @param open whether anything may follow
 */
record RoutePattern(String text, List<Part> parts, boolean open) {

  /** A literal text or a variable's name. */
  record Part(boolean variable, String text) {}

  static RoutePattern parse(String pattern) {
    boolean open = pattern.endsWith("*");
    String body = open ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (!body.startsWith("/") || body.indexOf('*') >= 0) {
      throw new IllegalArgumentException(
          "pattern: " + pattern + " (expected: a path, '*' only at its end)");
    }
    List<Part> parts = new ArrayList<>();
    int from = 0;
    while (from < body.length()) {
      int brace = body.indexOf('{', from);
      int end = brace < 0 ? body.length() : brace;
      if (end > from) {
        parts.add(new Part(/* variable= */ false, body.substring(from, end)));
      }
      from = end;
      if (brace >= 0) {
        int close = body.indexOf('}', brace);
        parts.add(new Part(/* variable= */ true, body.substring(brace + 1, close)));
        from = close + 1;
      }
    }
    return new RoutePattern(pattern, List.copyOf(parts), open);
  }

  boolean matches(String rawPath) {
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      int end = endOf(part, rawPath, at);
      if (end < 0) {
        return false;
      }
      at = end;
    }
    return open || at == rawPath.length();
  }

  /** The raw text of a variable in a path that matches. */
  String variable(String name, String rawPath) {
    int at = 0;
    for (Part part : parts) {
      int end = endOf(part, rawPath, at);
      if (part.variable() && part.text().equals(name)) {
        return rawPath.substring(at, end);
      }
      at = end;
    }
    throw new IllegalArgumentException(
        "path variable: " + name + " (expected: one of " + text + ")");
  }

  /** The raw text that {@code *} stands for in a path that matches. */
  String remainder(String rawPath) {
    if (!open) {
      return "";
    }
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      at = endOf(parts.get(i), rawPath, at);
    }
    return rawPath.substring(at);
  }

  /** The literal beginning without a slash at its end, for metrics. */
  String family() {
    String literal = parts.getFirst().text();
    return literal.length() > 1 && literal.endsWith("/")
        ? literal.substring(0, literal.length() - 1)
        : literal;
  }

  private static int endOf(Part part, String path, int at) {
    if (!part.variable()) {
      return path.startsWith(part.text(), at) ? at + part.text().length() : -1;
    }
    int slash = path.indexOf('/', at);
    int end = slash < 0 ? path.length() : slash;
    return end > at ? end : -1;
  }

  @Override
  public String toString() {
    return text;
  }
}
