package io.logarchive.search;

import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * What a value of a search's body may be. A rule builds what goes to the engine out of what it
 * knows: nothing it does not know gets through.
 */
@FunctionalInterface
interface Rule {
  int MOST_ITEMS = 10_000;

  /** Enough for options; what is searched for is bounded by the body's size only. */
  int LONGEST_OPTION = 100;

  /**
   * The value as it goes to the engine.
   *
   * @throws InvalidFieldException if it breaks the rule
   */
  JsonValue rebuilt(JsonValue value, Place at);

  Rule BOOL =
      (value, at) -> {
        if (value instanceof JsonValue.Bool) {
          return value;
        }
        throw at.refused("must be true or false, not " + value.kind());
      };

  /** A number that a double can hold. */
  Rule NUMBER =
      (value, at) -> {
        if (value instanceof JsonValue.Num number) {
          if (Double.isInfinite(Double.parseDouble(number.text()))) {
            throw at.refused("is too large a number");
          }
          return value;
        }
        throw at.refused("must be a number, not " + value.kind());
      };

  /** A string, a number or a boolean. */
  Rule SCALAR =
      (value, at) ->
          switch (value) {
            case JsonValue.Text text -> text;
            case JsonValue.Bool bool -> bool;
            case JsonValue.Num number -> NUMBER.rebuilt(number, at);
            case JsonValue.Null none -> throw notScalar(none, at);
            case JsonValue.Array array -> throw notScalar(array, at);
            case JsonObject object -> throw notScalar(object, at);
          };

  Rule TEXT = text(Integer.MAX_VALUE);

  Rule OPTION = text(LONGEST_OPTION);

  static Rule text(int longest) {
    return (value, at) -> {
      if (!(value instanceof JsonValue.Text text)) {
        throw at.refused("must be a string, not " + value.kind());
      }
      if (text.value().length() > longest) {
        throw at.refused("may have " + longest + " characters");
      }
      return text;
    };
  }

  static Rule oneOf(String... words) {
    List<String> allowed = List.of(words);
    return (value, at) -> {
      if (value instanceof JsonValue.Text text && allowed.contains(text.value())) {
        return text;
      }
      throw at.refused("must be one of " + String.join(", ", allowed));
    };
  }

  /** A whole number within bounds, both inclusive. */
  static Rule whole(int least, int most) {
    return (value, at) -> {
      if (value instanceof JsonValue.Num number) {
        double asked = Double.parseDouble(number.text());
        if (asked >= least && asked <= most && asked == Math.rint(asked)) {
          return new JsonValue.Num(Integer.toString((int) asked));
        }
      }
      throw at.refused("must be a whole number from " + least + " to " + most);
    };
  }

  static Rule listOf(Rule rule) {
    return (value, at) -> {
      if (!(value instanceof JsonValue.Array array)) {
        throw at.refused("must be an array, not " + value.kind());
      }
      if (array.values().size() > MOST_ITEMS) {
        throw at.refused("may have " + MOST_ITEMS + " values");
      }
      List<JsonValue> items = new ArrayList<>();
      for (int i = 0; i < array.values().size(); i++) {
        items.add(rule.rebuilt(array.values().get(i), at.item(i)));
      }
      return new JsonValue.Array(items);
    };
  }

  static Rule oneOrMany(Rule rule) {
    Rule many = listOf(rule);
    return (value, at) -> (value instanceof JsonValue.Array ? many : rule).rebuilt(value, at);
  }

  /** A string by the first rule; an object by the second. */
  static Rule shortOrLong(Rule brief, Rule full) {
    return (value, at) -> (value instanceof JsonObject ? full : brief).rebuilt(value, at);
  }

  static JsonObject object(JsonValue value, Place at) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw at.refused("must be an object, not " + value.kind());
  }

  private static InvalidFieldException notScalar(JsonValue value, Place at) {
    return at.refused("must be a string, a number or a boolean, not " + value.kind());
  }
}
