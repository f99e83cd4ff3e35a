package dev.barista.gateway.errors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.wire.ErrorBody;
import dev.barista.http.Answer;
import dev.barista.http.Headers;
import dev.barista.http.HttpException;
import dev.barista.http.RequestHead;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Renders a failure: status, stable code, one sentence with component, cause and governing setting,
 * call id; as JSON when the client accepts it, else as text. Thread-safe, doesn't block, doesn't
 * log.
 */
public final class ErrorAnswers {

  /**
   * Marks an answer as made by the platform, not by the function; its value names the component.
   */
  public static final String INTERNAL_HEADER = "X-OpenFaaS-Internal";

  /** Carries {@link ErrorCode#code()}. */
  public static final String CODE_HEADER = "X-Barista-Error";

  private final Supplier<JsonMapper> json;

  public ErrorAnswers(JsonMapper json) {
    this(() -> json);
  }

  /**
   * @param json asked when a client wants JSON, so that a start needs none
   */
  public ErrorAnswers(Supplier<JsonMapper> json) {
    this.json = json;
  }

  /**
   * @param head null when the request could not be parsed that far
   */
  public Answer answer(@Nullable RequestHead head, String callId, FaasException failure) {
    boolean asJson = head != null && acceptsJson(head);
    byte[] body = asJson ? jsonBody(callId, failure) : textBody(failure);
    Headers headers =
        Headers.of(
            "Content-Type",
            asJson ? "application/json" : "text/plain; charset=utf-8",
            "X-Content-Type-Options",
            "nosniff",
            "X-Call-Id",
            callId,
            INTERNAL_HEADER,
            failure.component(),
            CODE_HEADER,
            failure.code().code());
    return new Answer(failure.code().status(), headers, body);
  }

  /** The platform's words for a request that the listener refused. */
  public static FaasException classified(HttpException refusal) {
    return new FaasException(
        code(refusal.kind()),
        "gateway",
        refusal.getMessage(),
        refusal.setting().orElse(null),
        refusal);
  }

  private static ErrorCode code(HttpException.Kind kind) {
    return switch (kind) {
      case MALFORMED -> ErrorCode.BAD_REQUEST;
      case TARGET_TOO_LONG -> ErrorCode.TARGET_TOO_LONG;
      case EXPECTATION_UNKNOWN -> ErrorCode.EXPECTATION_UNKNOWN;
      case VERSION_UNKNOWN -> ErrorCode.VERSION_UNKNOWN;
      case NOT_FOUND -> ErrorCode.ROUTE_NOT_FOUND;
      case METHOD_NOT_ALLOWED -> ErrorCode.METHOD_NOT_ALLOWED;
      case SLOW_SENDER -> ErrorCode.REQUEST_TIMEOUT;
      case BODY_TOO_LARGE -> ErrorCode.BODY_TOO_LARGE;
      case HEADERS_TOO_LARGE -> ErrorCode.HEADERS_TOO_LARGE;
      case NOT_IMPLEMENTED -> ErrorCode.NOT_SUPPORTED;
      case OVERLOADED -> ErrorCode.OVERLOADED;
    };
  }

  private static boolean acceptsJson(RequestHead head) {
    for (String accept : head.headerValues("Accept")) {
      if (accept.toLowerCase(Locale.ROOT).contains("application/json")) {
        return true;
      }
    }
    return false;
  }

  private byte[] jsonBody(String callId, FaasException failure) {
    return json.get()
        .writeValueAsBytes(
            new ErrorBody(
                failure.code().code(),
                failure.getMessage(),
                failure.component(),
                failure.setting().orElse(null),
                callId));
  }

  private static byte[] textBody(FaasException failure) {
    String setting = failure.setting().map(name -> " [" + name + "]").orElse("");
    // OpenFaaS's very words in this one case, which has no newline.
    String end = failure.code() == ErrorCode.UNAUTHORIZED ? "" : "\n";
    return (failure.getMessage() + setting + end).getBytes(UTF_8);
  }
}
