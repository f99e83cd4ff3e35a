package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Headers;
import dev.barista.http.RequestHead;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The request's head as environment variables, {@code Http_…}. A client chooses names and values,
 * and what reads them may be a shell, so: a header whose name has anything but letters, digits, '-'
 * and '_' is left out; no header can pass for one of the variables that tell of the request line;
 * of two headers that would be one variable, the one spelt with '-' wins; and {@code Proxy} is left
 * out, since HTTP libraries that look for {@code http_proxy} in any case, Python's among them,
 * would send the function's own calls to where the client says (CVE-2016-1000110 and its kin).
 */
final class RequestVariables {

  private static final Set<String> RESERVED =
      Set.of("Method", "Path", "Query", "Host", "ContentLength", "Content_Length", "Proxy");

  private RequestVariables() {}

  /**
   * Values are bytes, as sent.
   *
   * @param classic whether also what only the classic watchdog tells is told: host and length
   * @throws IllegalArgumentException with a sentence for the client, if the path has a NUL or a
   *     line break
   */
  static Map<String, byte[]> of(Call call, boolean classic) {
    Map<String, byte[]> variables = new LinkedHashMap<>();
    RequestHead head = call.head();
    Headers headers = head.headers();
    addHeaders(variables, headers, /* underscored= */ true);
    addHeaders(variables, headers, /* underscored= */ false);
    put(variables, "Method", head.method());
    if (classic) {
      String length = length(headers);
      put(variables, "ContentLength", length);
      put(variables, "Content_Length", length);
      headers.first("Host").ifPresent(host -> put(variables, "Host", host));
    } else {
      headers.first("Content-Length").ifPresent(l -> put(variables, "Content_Length", l));
    }
    variables.put("Http_Path", decode(call.rawPath()));
    if (!call.rawQuery().isEmpty()) {
      put(variables, "Query", call.rawQuery());
    }
    return variables;
  }

  private static void addHeaders(
      Map<String, byte[]> variables, Headers headers, boolean underscored) {
    Set<String> already = Set.copyOf(variables.keySet());
    for (Headers.Field field : headers.fields()) {
      Optional<String> name = variableName(field.name());
      if (name.isEmpty()
          || RESERVED.contains(name.get())
          || (field.name().indexOf('_') >= 0) != underscored
          || hasControl(field.value())) {
        continue;
      }
      String variable = "Http_" + name.get();
      if (already.contains(variable)) {
        put(variables, name.get(), field.value());
      } else {
        // Of a header that is sent more than once the first value counts.
        variables.putIfAbsent(variable, field.value().getBytes(ISO_8859_1));
      }
    }
  }

  /** {@code x-call-id} → {@code X_Call_Id}: canonical spelling, whatever the client's. */
  static Optional<String> variableName(String header) {
    var name = new StringBuilder(header.length());
    boolean startOfWord = true;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '-') {
        name.append('_');
        startOfWord = true;
      } else if (isLetterOrDigit(c) || c == '_') {
        name.append(startOfWord ? upper(c) : lower(c));
        startOfWord = false;
      } else {
        return Optional.empty();
      }
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
  }

  /** What Go's server tells of a body: its length, −1 if that isn't known before. */
  private static String length(Headers headers) {
    if (headers.first("Transfer-Encoding").isPresent()) {
      return "-1";
    }
    return headers.first("Content-Length").orElse("0");
  }

  /**
   * Percent-decoded; what is no valid escape stays as it is.
   *
   * @throws IllegalArgumentException if it has a NUL or a line break
   */
  static byte[] decode(String rawPath) {
    var bytes = new ByteArrayOutputStream(rawPath.length());
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      int value = c == '%' ? hexPair(rawPath, i + 1) : -1;
      if (value < 0) {
        bytes.writeBytes(String.valueOf(c).getBytes(UTF_8));
        continue;
      }
      if (value == 0 || value == '\n' || value == '\r') {
        throw new IllegalArgumentException("the path has a NUL or a line break (expected: none)");
      }
      bytes.write(value);
      i += 2;
    }
    return bytes.toByteArray();
  }

  private static int hexPair(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static void put(Map<String, byte[]> variables, String name, String value) {
    variables.put("Http_" + name, value.getBytes(ISO_8859_1));
  }

  private static boolean hasControl(String value) {
    return value.chars().anyMatch(c -> c == 0 || c == '\n' || c == '\r');
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }
}
