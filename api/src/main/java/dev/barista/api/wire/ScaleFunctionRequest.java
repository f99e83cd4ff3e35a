package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /system/scale-function/NAME}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScaleFunctionRequest(
    @Nullable String serviceName, @Nullable Integer replicas, @Nullable String namespace) {}
