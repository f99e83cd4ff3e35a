package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Head and body as one JSON document, {@code {"header":{…},"body":{"raw":"<base64>"}}}, written as
 * the body comes in.
 */
final class MarshalledRequest {

  private MarshalledRequest() {}

  static void write(Headers headers, InputStream body, OutputStream target) throws IOException {
    target.write(("{\"header\":{" + fields(headers) + "},\"body\":{\"raw\":\"").getBytes(UTF_8));
    OutputStream encoded = Base64.getEncoder().wrap(new KeptOpen(target));
    body.transferTo(encoded);
    // Writes the last group of the encoding.
    encoded.close();
    target.write("\"}}".getBytes(UTF_8));
  }

  private static String fields(Headers headers) {
    var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    headers.fields().forEach(field -> names.add(canonical(field.name())));
    var json = new StringBuilder();
    for (String name : names) {
      json.append(json.isEmpty() ? "" : ",").append(quoted(name)).append(":[");
      String separator = "";
      for (String value : headers.all(name)) {
        json.append(separator).append(quoted(value));
        separator = ",";
      }
      json.append(']');
    }
    return json.toString();
  }

  /** {@code x-call-id} → {@code X-Call-Id}. */
  static String canonical(String name) {
    var spelt = new StringBuilder(name.length());
    boolean startOfWord = true;
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      spelt.append(startOfWord ? Character.toUpperCase(c) : c);
      startOfWord = c == '-';
    }
    return spelt.toString();
  }

  private static String quoted(String text) {
    var json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** The encoder's end is not the document's. */
  private static final class KeptOpen extends OutputStream {

    private final OutputStream target;

    private KeptOpen(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int single) throws IOException {
      target.write(single);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      target.write(bytes, offset, length);
    }
  }
}
