package io.logarchive.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The members of a request's object, asked for by name and type; a wrong one is refused by its path. */
public final class Fields {
  private final JsonObject object;
  private final String path;

  private Fields(JsonObject object, String path) {
    this.object = object;
    this.path = path;
  }

  public static Fields of(JsonObject object) {
    return new Fields(object, "");
  }

  public JsonObject object() {
    return object;
  }

  /** The full path of a member, as errors name it. */
  public String path(String name) {
    return path + name;
  }

  public boolean has(String name) {
    return object.member(name).isPresent();
  }

  public Optional<String> text(String name) {
    return object
        .member(name)
        .map(
            value ->
                value instanceof JsonValue.Text text ? text.value() : wrong(name, "a string", value));
  }

  public String requiredText(String name) {
    return text(name).filter(text -> !text.isBlank()).orElseThrow(() -> missing(name));
  }

  public Optional<Boolean> bool(String name) {
    return object
        .member(name)
        .map(
            value ->
                value instanceof JsonValue.Bool bool
                    ? bool.value()
                    : wrong(name, "true or false", value));
  }

  public Optional<JsonValue.Number> number(String name) {
    return object
        .member(name)
        .map(
            value ->
                value instanceof JsonValue.Number number ? number : wrong(name, "a number", value));
  }

  /** A whole number within bounds, both inclusive. */
  public Optional<Integer> integer(String name, int least, int most) {
    return number(name)
        .map(
            number -> {
              BigDecimal value = number.value();
              // Bounds first: intValueExact of 1e999999999 would build the whole number.
              if (value.compareTo(BigDecimal.valueOf(least)) < 0
                  || value.compareTo(BigDecimal.valueOf(most)) > 0
                  || value.stripTrailingZeros().scale() > 0) {
                throw new InvalidFieldException(
                    path(name), "must be a whole number from " + least + " to " + most);
              }
              return value.intValueExact();
            });
  }

  public Optional<Fields> object(String name) {
    return object
        .member(name)
        .map(
            value ->
                value instanceof JsonObject inner
                    ? new Fields(inner, path(name) + ".")
                    : wrong(name, "an object", value));
  }

  public Fields requiredObject(String name) {
    return object(name).orElseThrow(() -> missing(name));
  }

  public Optional<List<JsonValue>> array(String name) {
    return object
        .member(name)
        .map(
            value ->
                value instanceof JsonValue.Array array
                    ? array.values()
                    : wrong(name, "an array", value));
  }

  public Optional<List<Integer>> integers(String name) {
    return array(name).map(values -> values.stream().map(value -> int32(name, value)).toList());
  }

  private int int32(String name, JsonValue value) {
    if (value instanceof JsonValue.Number number && number.text().length() <= 11) {
      try {
        return Integer.parseInt(number.text());
      } catch (NumberFormatException e) {
        // Falls through to the one refusal below.
      }
    }
    throw new InvalidFieldException(path(name), "must hold 32-bit whole numbers only");
  }

  private InvalidFieldException missing(String name) {
    return new InvalidFieldException(path(name), "is required");
  }

  private <T> T wrong(String name, String expected, JsonValue value) {
    throw new InvalidFieldException(path(name), "must be " + expected + ", not " + value.kind());
  }
}
