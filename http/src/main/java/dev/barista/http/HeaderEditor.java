package dev.barista.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;

/** The headers of a message on its way through the gateway. Used on the loop of the exchange. */
public final class HeaderEditor {

  private final HttpHeaders headers;

  HeaderEditor(HttpHeaders headers) {
    this.headers = headers;
  }

  public Optional<String> get(CharSequence name) {
    return Optional.ofNullable(headers.get(name));
  }

  public HeaderEditor set(CharSequence name, CharSequence value) {
    headers.set(name, value);
    return this;
  }

  public HeaderEditor setIfAbsent(CharSequence name, CharSequence value) {
    if (!headers.contains(name)) {
      headers.add(name, value);
    }
    return this;
  }

  /** Adds a line after those of the same name. */
  public HeaderEditor add(CharSequence name, CharSequence value) {
    headers.add(name, value);
    return this;
  }

  public HeaderEditor remove(CharSequence name) {
    headers.remove(name);
    return this;
  }
}
