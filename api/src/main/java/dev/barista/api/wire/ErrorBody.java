package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a failed call when the client accepts JSON.
 *
 * @param code stable, see {@link dev.barista.api.ErrorCode}
 * @param message one sentence: component, cause, governing setting
 * @param setting option, variable or label that governs it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErrorBody(
    String code, String message, String component, @Nullable String setting, String callId) {}
