package io.logarchive.search;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of a log's fields. The engine's own fields tell of indices and shards, or cost memory for
 * every log; a log may have fields that start with an underscore too.
 */
final class FieldName {
  private static final int LONGEST = 1_000;
  private static final Pattern BOOSTED = Pattern.compile("(.+?)(\\^\\d{1,3}(\\.\\d{1,3})?)?");
  private static final Set<String> ENGINES_OWN =
      Set.of(
          "_all",
          "_data_stream_timestamp",
          "_doc",
          "_doc_count",
          "_feature",
          "_field_names",
          "_id",
          "_ignored",
          "_index",
          "_meta",
          "_name",
          "_nested_path",
          "_parent",
          "_primary_term",
          "_routing",
          "_score",
          "_seq_no",
          "_shard_doc",
          "_size",
          "_source",
          "_tier",
          "_type",
          "_uid",
          "_version");

  /** One field. */
  static final Rule ONE =
      (value, at) -> {
        String name = checked(value, at);
        if (name.indexOf('*') >= 0) {
          throw at.refused("must name one field: * is not allowed here");
        }
        return value;
      };

  /** One field, or all that match a pattern with {@code *}. */
  static final Rule PATTERN =
      (value, at) -> {
        checked(value, at);
        return value;
      };

  /** One field and how much it counts, such as {@code message^2}. */
  static final Rule WITH_BOOST =
      (value, at) -> {
        if (value instanceof JsonValue.Text text) {
          Matcher boosted = BOOSTED.matcher(text.value());
          if (boosted.matches()) {
            ONE.rebuilt(new JsonValue.Text(boosted.group(1)), at);
            return value;
          }
        }
        return ONE.rebuilt(value, at);
      };

  private FieldName() {}

  /** An object whose one member is named by a field. */
  static Rule of(Rule rule) {
    return with(Shape.EMPTY, rule);
  }

  /** An object with one member named by a field, beside those of a shape. */
  static Rule with(Shape others, Rule rule) {
    return (value, at) -> {
      JsonObject.Builder rebuilt = JsonObject.builder();
      int fields = 0;
      for (Map.Entry<String, JsonValue> member : Rule.object(value, at).members().entrySet()) {
        String name = member.getKey();
        Place inner = at.member(name);
        Rule other = others.members().get(name);
        if (other == null) {
          ONE.rebuilt(new JsonValue.Text(name), inner);
          fields++;
        }
        rebuilt.put(name, (other == null ? rule : other).rebuilt(member.getValue(), inner));
      }
      if (fields != 1) {
        throw at.refused("must name one field, not " + fields);
      }
      return rebuilt.build();
    };
  }

  private static String checked(JsonValue value, Place at) {
    if (!(value instanceof JsonValue.Text text)) {
      throw at.refused("must be the name of a field, not " + value.kind());
    }
    String name = text.value();
    if (name.isBlank() || name.length() > LONGEST) {
      throw at.refused("must be the name of a field, of 1 to " + LONGEST + " characters");
    }
    if (ENGINES_OWN.contains(name)) {
      throw at.refused("must be a field of the logs, which " + name + " is not");
    }
    return name;
  }
}
