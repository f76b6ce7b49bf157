package io.logarchive.search;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a search's {@code fields} ask of each hit, read from its source: where {@code id} and {@code
 * id.host} are both fields, the engine takes one for the other.
 */
final class FieldValues {
  private final List<String> patterns;
  private final Map<String, Boolean> known = new HashMap<>();

  /**
   * @param patterns names of fields, in which {@code *} stands for any characters
   */
  FieldValues(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  /** The values of all fields asked for, each in an array, by the fields' full names. */
  JsonObject of(JsonObject source) {
    Map<String, List<JsonValue>> values = new LinkedHashMap<>();
    collect("", source, values);
    JsonObject.Builder fields = JsonObject.builder();
    values.forEach(fields::put);
    return fields.build();
  }

  private void collect(String name, JsonValue value, Map<String, List<JsonValue>> values) {
    switch (value) {
      case JsonObject object ->
          object
              .members()
              .forEach(
                  (member, inner) ->
                      collect(name.isEmpty() ? member : name + "." + member, inner, values));
      case JsonValue.Array array -> array.values().forEach(item -> collect(name, item, values));
      case JsonValue.Null none -> {}
      case JsonValue.Text text -> add(name, text, values);
      case JsonValue.Num number -> add(name, number, values);
      case JsonValue.Bool bool -> add(name, bool, values);
    }
  }

  private void add(String name, JsonValue value, Map<String, List<JsonValue>> values) {
    if (known.computeIfAbsent(name, this::asked)) {
      values.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
    }
  }

  private boolean asked(String name) {
    return SearchBody.HIDDEN.contains(name)
        ? patterns.contains(name)
        : patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  /** Goes back to the last star only, so that no pattern takes long. */
  private static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
