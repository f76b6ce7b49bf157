package io.logarchive.search;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object with known members, each by its own rule. Members that are {@code null} are left out.
 */
record Shape(Map<String, Rule> members, List<String> required) implements Rule {
  static final Shape EMPTY = new Shape(Map.of(), List.of());

  Shape with(String name, Rule rule) {
    Map<String, Rule> more = new LinkedHashMap<>(members);
    more.put(name, rule);
    return new Shape(more, required);
  }

  Shape requiring(String name, Rule rule) {
    List<String> more = new ArrayList<>(required);
    more.add(name);
    return new Shape(with(name, rule).members, more);
  }

  @Override
  public JsonObject rebuilt(JsonValue value, Place at) {
    JsonObject.Builder rebuilt = JsonObject.builder();
    JsonObject object = Rule.object(value, at);
    object
        .members()
        .forEach(
            (name, member) -> {
              Rule rule = members.get(name);
              if (rule == null) {
                throw at.member(name).notAllowed(members.keySet());
              }
              if (!(member instanceof JsonValue.Null)) {
                rebuilt.put(name, rule.rebuilt(member, at.member(name)));
              }
            });
    for (String name : required) {
      if (object.member(name).isEmpty()) {
        throw at.member(name).refused("is required");
      }
    }
    return rebuilt.build();
  }
}
