package io.logarchive.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes JSON values. Reading refuses duplicate keys and more than 64 levels. */
public final class Json {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER_LENGTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private Json() {}

  /**
   * Reads one JSON object and nothing after it.
   *
   * @throws MalformedJsonException if the bytes are anything else
   */
  public static JsonObject object(byte[] utf8) {
    JsonValue value = value(utf8);
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new MalformedJsonException("must be a JSON object, not " + value.kind());
  }

  /**
   * Reads one JSON object and nothing after it, of text that UTF-8 can hold.
   *
   * @throws MalformedJsonException if the bytes are anything else
   * @throws InvalidFieldException naming the member that holds half of a surrogate pair
   */
  public static JsonObject request(byte[] utf8) {
    JsonObject object = object(utf8);
    requireText(object, "");
    return object;
  }

  private static void requireText(JsonValue value, String path) {
    switch (value) {
      case JsonObject object ->
          object
              .members()
              .forEach(
                  (name, member) -> {
                    if (isBroken(name)) {
                      throw new MalformedJsonException(
                          "has a key with half of a surrogate pair in it");
                    }
                    requireText(member, path.isEmpty() ? name : path + "." + name);
                  });
      case JsonValue.Array array -> array.values().forEach(item -> requireText(item, path + "[]"));
      case JsonValue.Text text -> {
        if (isBroken(text.value())) {
          throw new InvalidFieldException(path, "has half of a surrogate pair in it");
        }
      }
      case JsonValue.Num number -> {}
      case JsonValue.Bool bool -> {}
      case JsonValue.Null none -> {}
    }
  }

  private static boolean isBroken(String text) {
    return !StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Reads one JSON value and nothing after it.
   *
   * @throws MalformedJsonException if the bytes are anything else
   */
  public static JsonValue value(byte[] utf8) {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      if (parser.nextToken() == null) {
        throw new MalformedJsonException("is empty");
      }
      JsonValue value = read(parser);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException(
            "has something after the JSON value" + at(parser.currentTokenLocation()));
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException("is not valid JSON" + at(e.getLocation()) + reason(e));
    } catch (IOException e) {
      throw new MalformedJsonException("is not valid UTF-8 JSON");
    }
  }

  public static byte[] write(JsonValue value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(generator, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public static String text(JsonValue value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  /** Jackson's messages may quote the input, which can hold a secret: only two known ones pass. */
  private static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    if (message == null) {
      return "";
    }
    if (message.startsWith("Duplicate field")) {
      return ": a key occurs twice in one object";
    }
    return message.contains("nesting depth") ? ": nested deeper than " + MAX_DEPTH + " levels" : "";
  }

  private static String at(JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  static JsonValue read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, read(parser));
        }
        yield new JsonObject(members);
      }
      case START_ARRAY -> {
        List<JsonValue> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(read(parser));
        }
        yield new JsonValue.Array(values);
      }
      case VALUE_STRING -> new JsonValue.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Num(parser.getText());
      case VALUE_TRUE -> new JsonValue.Bool(true);
      case VALUE_FALSE -> new JsonValue.Bool(false);
      case VALUE_NULL -> new JsonValue.Null();
      default -> throw new MalformedJsonException("is cut off" + at(parser.currentLocation()));
    };
  }

  private static void write(JsonGenerator generator, JsonValue value) throws IOException {
    switch (value) {
      case JsonObject object -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          generator.writeFieldName(member.getKey());
          write(generator, member.getValue());
        }
        generator.writeEndObject();
      }
      case JsonValue.Array array -> {
        generator.writeStartArray();
        for (JsonValue item : array.values()) {
          write(generator, item);
        }
        generator.writeEndArray();
      }
      case JsonValue.Text text -> generator.writeString(text.value());
      case JsonValue.Num number -> generator.writeNumber(number.text());
      case JsonValue.Bool bool -> generator.writeBoolean(bool.value());
      case JsonValue.Null none -> generator.writeNull();
    }
  }
}
