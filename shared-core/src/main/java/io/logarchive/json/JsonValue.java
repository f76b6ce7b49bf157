package io.logarchive.json;

import java.math.BigDecimal;
import java.util.List;

/** Any JSON value. Numbers keep the text they came with, so that they can be given back as sent. */
public sealed interface JsonValue
    permits JsonObject,
        JsonValue.Text,
        JsonValue.Num,
        JsonValue.Bool,
        JsonValue.Null,
        JsonValue.Array {

  /** A string. */
  record Text(String value) implements JsonValue {}

  /** A number, as it was written. */
  record Num(String text) implements JsonValue {
    /**
     * The number.
     *
     * @throws MalformedJsonException if its exponent is beyond what a {@link BigDecimal} has
     */
    public BigDecimal value() {
      try {
        return new BigDecimal(text);
      } catch (NumberFormatException e) {
        throw new MalformedJsonException("has a number that is too large or too small");
      }
    }
  }

  /** {@code true} or {@code false}. */
  record Bool(boolean value) implements JsonValue {}

  /** {@code null}. */
  record Null() implements JsonValue {}

  /** An array. */
  record Array(List<JsonValue> values) implements JsonValue {
    public Array {
      values = List.copyOf(values);
    }
  }

  /** What kind of value this is, in the words of an error message. */
  default String kind() {
    return switch (this) {
      case Text text -> "a string";
      case Num number -> "a number";
      case Bool bool -> "a boolean";
      case Null none -> "null";
      case Array array -> "an array";
      case JsonObject object -> "an object";
    };
  }
}
