package dev.barista.api;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure with an answer for the user: its code, the component that failed, one sentence with the
 * cause, and the setting that governs it where there is one. The cause chain is for the log and
 * never reaches a client.
 */
public final class FaasException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String component;
  private final @Nullable String setting;

  public FaasException(ErrorCode code, String component, String message) {
    this(code, component, message, null, null);
  }

  /**
   * @param component who failed: {@code gateway}, {@code provider}, {@code watchdog}, {@code image}
   * @param message one sentence, without a secret, fit for the user
   * @param setting option, environment variable or label that governs the failure, or null
   */
  public FaasException(
      ErrorCode code,
      String component,
      String message,
      @Nullable String setting,
      @Nullable Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.code = requireNonNull(code, "code");
    this.component = requireNonNull(component, "component");
    this.setting = setting;
  }

  /** A value from the user that breaks a rule: {@code FIELD: "GIVEN" (expected: EXPECTED)}. */
  public static FaasException badField(String field, @Nullable Object given, String expected) {
    String shown = given == null ? "nothing" : Printable.quoted(given.toString());
    return new FaasException(
        ErrorCode.BAD_REQUEST, "gateway", field + ": " + shown + " (expected: " + expected + ")");
  }

  public static FaasException functionNotFound(FunctionName name) {
    return new FaasException(
        ErrorCode.FUNCTION_NOT_FOUND, "gateway", "unable to find function: " + name);
  }

  public ErrorCode code() {
    return code;
  }

  public String component() {
    return component;
  }

  public Optional<String> setting() {
    return Optional.ofNullable(setting);
  }

  /** Never null, unlike that of other throwables. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}
