package dev.barista.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits or requests of one replica, as Kubernetes quantities. The strings are kept as sent, since
 * clients compare them: {@code "5Mi"} comes back as {@code "5Mi"}.
 *
 * @param memory such as {@code 128Mi}, {@code 1G}, {@code 134217728}; absent = none
 * @param cpu such as {@code 100m}, {@code 0.5}, {@code 2}; absent = none
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Resources(Optional<String> memory, Optional<String> cpu) {

  public static final Resources NONE = new Resources(Optional.empty(), Optional.empty());

  /**
   * @param field the name a bad value is reported under, such as {@code limits}
   * @throws FaasException {@link ErrorCode#BAD_REQUEST} for a text that is no quantity
   */
  public static Resources of(String field, @Nullable String memory, @Nullable String cpu) {
    Optional<String> memoryText = Optional.ofNullable(memory).filter(text -> !text.isEmpty());
    Optional<String> cpuText = Optional.ofNullable(cpu).filter(text -> !text.isEmpty());
    memoryText.ifPresent(text -> Quantity.memoryBytes(field + ".memory", text));
    cpuText.ifPresent(text -> Quantity.cpuMillis(field + ".cpu", text));
    return new Resources(memoryText, cpuText);
  }

  /** Bytes; empty = none given. */
  public OptionalLong memoryBytes() {
    return memory.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Quantity.memoryBytes("memory", memory.get()));
  }

  /** Thousandths of a core; empty = none given. */
  public OptionalLong cpuMillis() {
    return cpu.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Quantity.cpuMillis("cpu", cpu.get()));
  }

  /** Whether neither is given. */
  public boolean none() {
    return memory.isEmpty() && cpu.isEmpty();
  }
}
