package dev.barista.image;

import static java.util.Objects.requireNonNull;

/** A refusal in the words of the OCI distribution API: code, HTTP status, one sentence. */
public final class RegistryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The specification's codes with their usual status, and one of our own for a full store. */
  public enum Code {
    BLOB_UNKNOWN(404),
    BLOB_UPLOAD_INVALID(400),
    BLOB_UPLOAD_UNKNOWN(404),
    DIGEST_INVALID(400),
    MANIFEST_BLOB_UNKNOWN(400),
    MANIFEST_INVALID(400),
    MANIFEST_UNKNOWN(404),
    NAME_INVALID(400),
    NAME_UNKNOWN(404),
    SIZE_INVALID(400),
    UNAUTHORIZED(401),
    DENIED(403),
    UNSUPPORTED(405),
    TOOMANYREQUESTS(429),
    STORAGE_FULL(507);

    private final int status;

    Code(int status) {
      this.status = status;
    }

    /** HTTP status where nothing says otherwise. */
    public int status() {
      return status;
    }
  }

  private final Code code;
  private final int status;

  public RegistryException(Code code, String message) {
    this(code, code.status(), message);
  }

  public RegistryException(Code code, int status, String message) {
    super(requireNonNull(message, "message"));
    this.code = requireNonNull(code, "code");
    this.status = status;
  }

  public Code code() {
    return code;
  }

  public int status() {
    return status;
  }

  /** Never null, unlike that of other throwables. */
  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage());
  }
}
