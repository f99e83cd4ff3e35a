package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Body of {@code DELETE /system/functions}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DeleteFunctionRequest(@Nullable String functionName, @Nullable String namespace) {}
