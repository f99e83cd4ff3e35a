package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code GET /system/alerts}.
 *
 * @param mode {@code builtin}, {@code external} or {@code off}; only the built-in evaluation has
 *     alerts to show
 * @param alerts those that are pending or firing first, then by name
 */
public record AlertList(String mode, List<Alert> alerts) {

  /**
   * One function's alert.
   *
   * @param state {@code inactive}, {@code pending} or {@code firing}
   * @param expression the rule in the words of Prometheus
   * @param rate answers a second over the window
   * @param threshold answers a second above which it fires
   * @param window a length of time, as {@code 10s}
   * @param hold how long the rate must stay above until it fires; a length of time
   * @param since when it became pending or firing
   * @param resolvedAt when it last ceased to fire
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Alert(
      String name,
      String namespace,
      String state,
      String expression,
      double rate,
      double threshold,
      String window,
      @JsonProperty("for") String hold,
      @Nullable Instant since,
      @Nullable Instant resolvedAt) {}
}
