package dev.barista.cli.stack;

import java.util.Map;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> by values of the environment, as
 * a shell would. {@code NAME-default} keeps an empty value, {@code :-} doesn't; {@code =} and
 * {@code :=} mean the same, and a default may have more of them in it. <code>$${</code> stands for
 * <code>${</code>; a dollar sign without a brace is left alone. A name that is not set and has no
 * default becomes nothing, with a notice.
 */
final class Substitution {

  /** Of defaults in defaults; a file may be a stranger's. */
  private static final int MOST_LEVELS = 8;

  private final Map<String, String> environment;
  private final String unset;
  private final Faults faults;

  // Mutable state
  private int line = 1;

  /**
   * @param unset what the notice about a name without a value says behind the name
   */
  Substitution(Map<String, String> environment, String unset, Faults faults) {
    this.environment = environment;
    this.unset = unset;
    this.faults = faults;
  }

  /** Whole text in, whole text out: values may stand anywhere in the file. */
  String apply(String text) {
    StringBuilder result = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (text.startsWith("$${", at)) {
        result.append("${");
        at += 3;
      } else if (text.startsWith("${", at)) {
        int end = end(text, at + 2);
        if (end < 0) {
          faults.add(
              line,
              "\"${\" without \"}\" on its line, or too many in each other (write $${ for a literal"
                  + " one)");
          return result.append(text, at, text.length()).toString();
        }
        result.append(value(text.substring(at + 2, end), isComment(text, at)));
        at = end + 1;
      } else {
        if (c == '\n') {
          line++;
        }
        result.append(c);
        at++;
      }
    }
    return result.toString();
  }

  /** Where the brace is that ends an expression, on the same line; -1 if there is none. */
  private static int end(String text, int from) {
    int open = 1;
    for (int i = from; i < text.length() && text.charAt(i) != '\n'; i++) {
      if (text.startsWith("${", i)) {
        if (++open > MOST_LEVELS) {
          return -1;
        }
      } else if (text.charAt(i) == '}' && --open == 0) {
        return i;
      }
    }
    return -1;
  }

  private String value(String expression, boolean comment) {
    int nameEnd = 0;
    while (nameEnd < expression.length() && isNamePart(expression.charAt(nameEnd), nameEnd)) {
      nameEnd++;
    }
    String name = expression.substring(0, nameEnd);
    String rest = expression.substring(nameEnd);
    String found = environment.get(name);
    if (!name.isEmpty() && (rest.startsWith(":-") || rest.startsWith(":="))) {
      return found == null || found.isEmpty() ? apply(rest.substring(2)) : found;
    }
    if (!name.isEmpty() && (rest.startsWith("-") || rest.startsWith("="))) {
      return found == null ? apply(rest.substring(1)) : found;
    }
    if (comment) {
      return "";
    }
    if (name.isEmpty() || !rest.isEmpty()) {
      faults.unexpected(
          line, "${" + expression + "}", "not understood", "${NAME} or ${NAME:-default}");
      return "";
    }
    if (found == null) {
      faults.notice(line, name + unset);
      return "";
    }
    return found;
  }

  private static boolean isComment(String text, int at) {
    int lineStart = text.lastIndexOf('\n', at) + 1;
    return text.substring(lineStart, at).stripLeading().startsWith("#");
  }

  private static boolean isNamePart(char c, int index) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (index > 0 && c >= '0' && c <= '9');
  }
}
