package dev.barista.api;

/** Every way the platform itself refuses or fails a call: stable code, HTTP status. */
public enum ErrorCode {
  BAD_REQUEST("bad_request", 400),
  IMAGE_INVALID("image_invalid", 400),
  UNAUTHORIZED("unauthorized", 401),
  FOREIGN_ORIGIN("foreign_origin", 403),
  ROUTE_NOT_FOUND("route_not_found", 404),
  FUNCTION_NOT_FOUND("function_not_found", 404),
  SECRET_NOT_FOUND("secret_not_found", 404),
  METHOD_NOT_ALLOWED("method_not_allowed", 405),
  REQUEST_TIMEOUT("request_timeout", 408),
  FUNCTION_EXISTS("function_exists", 409),
  SECRET_EXISTS("secret_exists", 409),
  SECRET_IN_USE("secret_in_use", 409),
  ALERTS_REFUSED("alerts_refused", 409),
  BODY_TOO_LARGE("body_too_large", 413),
  TARGET_TOO_LONG("target_too_long", 414),
  EXPECTATION_UNKNOWN("expectation_unknown", 417),
  UNPROCESSABLE("unprocessable", 422),
  TOO_MANY_REQUESTS("too_many_requests", 429),
  HEADERS_TOO_LARGE("headers_too_large", 431),
  INTERNAL("internal", 500),
  NOT_SUPPORTED("not_supported", 501),
  REPLICA_FAILED("replica_failed", 502),
  START_FAILED("start_failed", 502),
  DRAINING("draining", 503),
  QUEUE_FULL("queue_full", 503),
  OVERLOADED("overloaded", 503),
  NO_REPLICA("no_replica", 503),
  EXEC_TIMEOUT("exec_timeout", 504),
  UPSTREAM_TIMEOUT("upstream_timeout", 504),
  START_TIMEOUT("start_timeout", 504),
  VERSION_UNKNOWN("version_unknown", 505);

  private final String code;
  private final int status;

  ErrorCode(String code, int status) {
    this.code = code;
    this.status = status;
  }

  /** Stable across releases; what a script compares. */
  public String code() {
    return code;
  }

  /** HTTP status of the answer. */
  public int status() {
    return status;
  }
}
