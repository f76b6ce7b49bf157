package io.logarchive.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The members of a request's object, asked for by name and type; a wrong one is refused by its
 * path.
 */
public final class Fields {
  private static final Pattern VISIBLE =
      Pattern.compile("[^\\s\\x1c-\\x1f]", Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

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
    return member(name, JsonValue.Text.class, "a string").map(JsonValue.Text::value);
  }

  /** A text with something besides white space in it, as Unicode has that, and separators. */
  public String requiredText(String name) {
    return text(name).filter(text -> VISIBLE.matcher(text).find()).orElseThrow(() -> missing(name));
  }

  /** A required text for people to read, without the spaces around it. */
  public String requiredName(String name) {
    String text = requiredText(name);
    if (CONTROL.matcher(text).find()) {
      throw new InvalidFieldException(path(name), "must hold no control characters");
    }
    return text.strip();
  }

  public Optional<Boolean> bool(String name) {
    return member(name, JsonValue.Bool.class, "true or false").map(JsonValue.Bool::value);
  }

  public Optional<JsonValue.Num> number(String name) {
    return member(name, JsonValue.Num.class, "a number");
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
    return member(name, JsonObject.class, "an object")
        .map(inner -> new Fields(inner, path(name) + "."));
  }

  public Fields requiredObject(String name) {
    return object(name).orElseThrow(() -> missing(name));
  }

  public Optional<List<JsonValue>> array(String name) {
    return member(name, JsonValue.Array.class, "an array").map(JsonValue.Array::values);
  }

  public Optional<List<Integer>> integers(String name) {
    return array(name).map(values -> values.stream().map(value -> int32(name, value)).toList());
  }

  private int int32(String name, JsonValue value) {
    if (value instanceof JsonValue.Num number && number.text().length() <= 11) {
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

  private <T extends JsonValue> Optional<T> member(String name, Class<T> type, String expected) {
    Optional<JsonValue> value = object.member(name);
    if (value.isPresent() && !type.isInstance(value.get())) {
      throw new InvalidFieldException(
          path(name), "must be " + expected + ", not " + value.get().kind());
    }
    return value.map(type::cast);
  }
}
