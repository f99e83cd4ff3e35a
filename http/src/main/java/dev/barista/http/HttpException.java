package dev.barista.http;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that the listener itself refuses. The message is one sentence fit for the client. */
public final class HttpException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Kind {
    MALFORMED(400),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    /** The client sent too slowly. */
    SLOW_SENDER(408),
    BODY_TOO_LARGE(413),
    TARGET_TOO_LONG(414),
    EXPECTATION_UNKNOWN(417),
    HEADERS_TOO_LARGE(431),
    NOT_IMPLEMENTED(501),
    /** There is no memory left for it now. */
    OVERLOADED(503),
    VERSION_UNKNOWN(505);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Kind kind;
  private final @Nullable String setting;

  public HttpException(Kind kind, String message) {
    this(kind, message, null);
  }

  /**
   * @param setting the field of {@link HttpServerConfig} that governs it, such as {@code
   *     maxBodyBytes}, or null
   */
  public HttpException(Kind kind, String message, @Nullable String setting) {
    super(requireNonNull(message, "message"), null, false, false);
    this.kind = requireNonNull(kind, "kind");
    this.setting = setting;
  }

  public Kind kind() {
    return kind;
  }

  public Optional<String> setting() {
    return Optional.ofNullable(setting);
  }

  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}
