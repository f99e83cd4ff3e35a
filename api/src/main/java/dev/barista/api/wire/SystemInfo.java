package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Body of {@code GET /system/info}. */
public record SystemInfo(Provider provider, Version version, String arch) {

  /** Who runs the functions. */
  public record Provider(String provider, Version version, String orchestration) {}

  /** One component's version. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Version(
      @JsonProperty("commit_message") @Nullable String commitMessage, String release, String sha) {}
}
