package dev.barista.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Answer;
import dev.barista.http.ErrorMapper;
import dev.barista.http.Gatekeeper;
import dev.barista.http.Headers;
import dev.barista.http.RequestHead;
import dev.barista.image.RegistryException;
import dev.barista.image.RegistryException.Code;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Failures in OCI's JSON: {@code {"errors":[{"code":…,"message":…}]}}. What the listener or the
 * gatekeeper refuses below {@code /v2/} is told in the same form, its status and headers kept.
 */
public final class RegistryErrors {

  private static final String PREFIX = "/v2/";
  private static final Pattern MESSAGE =
      Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private RegistryErrors() {}

  /** Tells refusals of the registry's paths in OCI's form; leaves others alone. */
  public static Gatekeeper gatekeeper(Gatekeeper next) {
    return (head, access) ->
        next.refusal(head, access).map(refusal -> concerns(head) ? translated(refusal) : refusal);
  }

  /** Tells failures of the registry's paths in OCI's form; leaves others alone. */
  public static ErrorMapper errorMapper(ErrorMapper next) {
    return (head, callId, failure) -> {
      if (failure instanceof RegistryException refusal) {
        return answer(refusal).with("X-Call-Id", callId);
      }
      Answer answer = next.answer(head, callId, failure);
      return head != null && concerns(head) ? translated(answer) : answer;
    };
  }

  private static boolean concerns(RequestHead head) {
    return head.rawPath().startsWith(PREFIX);
  }

  static Answer answer(RegistryException refusal) {
    return json(refusal.status(), refusal.code().name(), refusal.getMessage());
  }

  private static Answer translated(Answer answer) {
    Answer json = json(answer.status(), code(answer.status()).name(), sentence(answer));
    Headers headers = json.headers();
    for (Headers.Field field : answer.headers().fields()) {
      if (!field.name().equalsIgnoreCase("Content-Type")) {
        headers = headers.with(field.name(), field.value());
      }
    }
    return new Answer(answer.status(), headers, json.body());
  }

  /** The gateway tells in JSON, with a field of that name, or in plain text. */
  private static String sentence(Answer answer) {
    String body = new String(answer.body(), UTF_8).strip();
    Matcher message = MESSAGE.matcher(body);
    return body.startsWith("{") && message.find()
        ? message.group(1).replaceAll("\\\\([\"\\\\/])", "$1")
        : body;
  }

  private static Code code(int status) {
    return switch (status) {
      case 401 -> Code.UNAUTHORIZED;
      case 403 -> Code.DENIED;
      case 404 -> Code.NAME_UNKNOWN;
      case 413 -> Code.SIZE_INVALID;
      case 429, 503 -> Code.TOOMANYREQUESTS;
      default -> Code.UNSUPPORTED;
    };
  }

  private static Answer json(int status, String code, String message) {
    String text =
        "{\"errors\":[{\"code\":\"" + code + "\",\"message\":" + quoted(message) + "}]}\n";
    return new Answer(
        status,
        Headers.of("Content-Type", "application/json", "X-Content-Type-Options", "nosniff"),
        text.getBytes(UTF_8));
  }

  /** A JSON text. */
  static String quoted(@Nullable String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : String.valueOf(text).toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
