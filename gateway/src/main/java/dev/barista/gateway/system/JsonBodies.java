package dev.barista.gateway.system;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import dev.barista.http.HttpException;
import dev.barista.http.RequestHead;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Bodies as records and back. Reading is strict about types, so that {@code "service": 1} is told
 * and not taken for the text "1", and lenient about fields it doesn't know, since clients may be
 * newer. Thread-safe.
 */
public final class JsonBodies {

  private static final int SHOWN_CHARACTERS = 80;

  /** Of all bodies at the same time, unless one alone may be longer. */
  private static final int ALL_BYTES = 8 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<JsonMapper> mapper;
  private final int maxBodyBytes;
  private final BodyMemory memory;

  /**
   * @param mapper of {@link #newMapper}
   * @param maxBodyBytes longest body that is read; longer → 413
   */
  public JsonBodies(Supplier<JsonMapper> mapper, int maxBodyBytes) {
    this.mapper = mapper;
    this.maxBodyBytes = maxBodyBytes;
    this.memory = new BodyMemory(Math.max(ALL_BYTES, maxBodyBytes), PATIENCE);
  }

  /** The mapper that the whole gateway shares, made when it is first asked for. */
  public static Supplier<JsonMapper> sharedMapper() {
    return new Supplier<>() {
      private @Nullable JsonMapper made;

      @Override
      public synchronized JsonMapper get() {
        JsonMapper mapper = made == null ? newMapper() : made;
        made = mapper;
        return mapper;
      }
    };
  }

  /** Making one takes milliseconds. */
  static JsonMapper newMapper() {
    return JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .withCoercionConfig(
            LogicalType.Textual,
            text -> {
              text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .build();
  }

  /**
   * The request's body as a record.
   *
   * @throws FaasException {@code BAD_REQUEST} naming the field, what was given, what is expected
   */
  <T> T read(Exchange exchange, Class<T> type) throws IOException {
    try (BodyMemory.Place _ = memory.take(longest(exchange.head()))) {
      JsonNode tree = parse(content(exchange));
      try {
        return mapper.get().treeToValue(tree, type);
      } catch (JacksonException e) {
        throw wrongType(tree, e);
      }
    }
  }

  private int longest(RequestHead head) {
    return (int) Math.min(head.bodyLength().orElse(maxBodyBytes), maxBodyBytes);
  }

  /** On one line. */
  byte[] bytes(Object body) {
    return mapper.get().writeValueAsBytes(body);
  }

  Answer answer(int status, Object body) {
    return new Answer(
        status,
        Headers.of("Content-Type", "application/json", "X-Content-Type-Options", "nosniff"),
        bytes(body));
  }

  /** The listener's own limit has another name. */
  private byte[] content(Exchange exchange) throws IOException {
    try {
      return exchange.body(maxBodyBytes);
    } catch (HttpException e) {
      if (e.kind() == HttpException.Kind.BODY_TOO_LARGE) {
        throw new FaasException(
            ErrorCode.BODY_TOO_LARGE, "gateway", e.getMessage(), "--max-system-body", e);
      }
      throw e;
    }
  }

  private JsonNode parse(byte[] body) {
    JsonNode tree;
    try {
      tree = mapper.get().readTree(body);
    } catch (JacksonException e) {
      throw FaasException.badField("body", where(e), "a JSON object");
    }
    if (tree == null || tree.isMissingNode()) {
      throw FaasException.badField("body", null, "a JSON object");
    }
    if (!tree.isObject()) {
      throw FaasException.badField("body", shown(tree), "a JSON object");
    }
    return tree;
  }

  /** The parser's own words would quote the body, and name Java classes. */
  private static String where(JacksonException failure) {
    var location = failure.getLocation();
    return location == null
        ? "no JSON"
        : "no JSON at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static FaasException wrongType(JsonNode tree, JacksonException failure) {
    List<JacksonException.Reference> path = failure.getPath();
    String field =
        path.stream()
            .map(
                step ->
                    step.getPropertyName() != null ? step.getPropertyName() : "" + step.getIndex())
            .collect(Collectors.joining("."));
    JsonNode given = tree;
    for (JacksonException.Reference step : path) {
      given =
          step.getPropertyName() != null
              ? given.path(step.getPropertyName())
              : given.path(step.getIndex());
    }
    Class<?> target =
        switch (failure) {
          case MismatchedInputException mismatch -> mismatch.getTargetType();
          case InputCoercionException overflow -> overflow.getTargetType();
          default -> null;
        };
    return FaasException.badField(field.isEmpty() ? "body" : field, shown(given), expected(target));
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "another type";
    }
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == Integer.class || type == int.class) {
      return "a whole number";
    }
    if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    return Map.class.isAssignableFrom(type) ? "an object with texts as values" : "an object";
  }

  private static String shown(JsonNode given) {
    String text = given.toString();
    return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "…" : text;
  }
}
