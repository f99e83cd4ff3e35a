package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST}, {@code PUT} and {@code DELETE /system/secrets}, and element of the list,
 * which has no values.
 *
 * @param rawValue base64; wins over {@code value}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecretBody(
    @Nullable String name,
    @Nullable String namespace,
    @Nullable String value,
    @Nullable String rawValue) {

  /** Without a value. */
  public static SecretBody named(String name, String namespace) {
    return new SecretBody(name, namespace, null, null);
  }

  /** Nor has this one. */
  @Override
  public String toString() {
    return "SecretBody[" + name + "." + namespace + "]";
  }
}
