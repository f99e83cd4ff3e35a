package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /system/alert}: what Prometheus's AlertManager sends to a webhook (payload
 * version 4). Only these fields count.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AlertNotification(@Nullable List<@Nullable Alert> alerts) {

  /**
   * One alert of the group.
   *
   * @param status {@code firing} or {@code resolved}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Alert(@Nullable String status, @Nullable Labels labels) {}

  /**
   * Labels of an alert.
   *
   * @param functionName {@code NAME.NAMESPACE}, as the gateway's metrics have it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Labels(@JsonProperty("function_name") @Nullable String functionName) {}
}
