package dev.barista.cli.json;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** JSON texts to plain values and back. */
public final class Json {

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** An object; empty when the text is none. */
  public static Optional<JsonObject> object(String text) {
    return read(text) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
  }

  /** The objects of a list; empty when the text is no list. */
  public static Optional<List<JsonObject>> objects(String text) {
    return read(text) instanceof List<?> list
        ? Optional.of(
            list.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList())
        : Optional.empty();
  }

  /**
   * @param value as in {@link JsonObject#members}, maps being objects; nulls, empty texts, lists
   *     and maps are written as they are
   */
  public static String write(Object value) {
    return write(value, ObjectWriteContext.empty());
  }

  /** For a human. */
  public static String indented(Object value) {
    return write(
        value,
        new ObjectWriteContext.Base() {
          @Override
          public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
          }
        });
  }

  private static String write(Object value, ObjectWriteContext context) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(context, text)) {
      write(generator, value);
    }
    return text.toString();
  }

  @SuppressWarnings("IfChainToSwitch") // linked at run time, which costs a fresh process 10 ms
  private static void write(JsonGenerator generator, Object value) {
    if (value instanceof String text) {
      generator.writeString(text);
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else if (value instanceof BigDecimal number) {
      generator.writeNumber(number);
    } else if (value instanceof JsonObject object) {
      writeObject(generator, object.members());
    } else if (value instanceof Map<?, ?> map) {
      writeObject(generator, map);
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object element : list) {
        write(generator, element);
      }
      generator.writeEndArray();
    } else {
      throw new IllegalArgumentException("no JSON value: " + value.getClass());
    }
  }

  private static void writeObject(JsonGenerator generator, Map<?, ?> members) {
    generator.writeStartObject();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      generator.writeName((String) member.getKey());
      write(generator, member.getValue());
    }
    generator.writeEndObject();
  }

  private static @Nullable Object read(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return parser.nextToken() == null ? null : value(parser);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** The parser bounds the depth, so recursion is safe. */
  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, VALUE_NULL ->
          null;
    };
  }

  private static JsonObject object(JsonParser parser) {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser);
      if (value != null) {
        members.put(name, value);
      }
    }
    return new JsonObject(members);
  }

  private static List<Object> list(JsonParser parser) {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(parser);
      if (value != null) {
        elements.add(value);
      }
    }
    return elements;
  }
}
