package io.logarchive.search;

import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A search that a customer may ask: an OpenSearch {@code _search} body, rebuilt from what is
 * allowed. Scripts, other indices, the engine's own fields and anything unknown cannot be in it.
 *
 * <p>Unless {@code _source} names them, hits leave out what repeats the log: {@code _raw}, the line
 * as it was archived, and {@code _text}, what free text is searched in.
 */
public final class SearchBody {
  /** How many hits one request can reach; beyond, {@code search_after} leads on. */
  static final int MOST_HITS = 10_000;

  private static final int DEFAULT_SIZE = 10;
  private static final String TIMEOUT = "10s";
  private static final int MOST_NAMES = 100;
  private static final int LONGEST_FRAGMENT = 100_000;
  static final List<String> HIDDEN = List.of("_raw", "_text", "_tiebreak");

  /** What may be sorted by, though no field of the logs. */
  private static final List<String> SPECIAL = List.of("_score", "_doc");

  private static final String ACCOUNT_IDS = "accountIds";

  private static final JsonValue NO_SOURCE = new JsonValue.Bool(false);

  private static final Rule PATTERNS = few(FieldName.PATTERN);
  private static final Rule FIELDS =
      few(Rule.shortOrLong(FieldName.PATTERN, Shape.EMPTY.requiring("field", FieldName.PATTERN)));
  private static final Rule SORT = sort();
  private static final Rule HIGHLIGHT = highlight();

  private static final Shape BODY =
      Shape.EMPTY
          .with("query", Queries::query)
          .with("aggs", Aggregations.rule())
          .with("aggregations", Aggregations.rule())
          .with("_source", SearchBody::source)
          .with("fields", FIELDS)
          .with("sort", SORT)
          .with("size", Rule.whole(0, MOST_HITS))
          .with("from", Rule.whole(0, MOST_HITS))
          .with("search_after", SearchBody::searchAfter)
          .with(
              "track_total_hits",
              (value, at) ->
                  (value instanceof JsonValue.Bool ? Rule.BOOL : Rule.whole(1, Integer.MAX_VALUE))
                      .rebuilt(value, at))
          .with("highlight", HIGHLIGHT)
          .with(ACCOUNT_IDS, (value, at) -> value);

  private final JsonObject json;
  private final Optional<Set<Integer>> accountIds;
  private final Optional<List<String>> fields;
  private final boolean source;

  private SearchBody(
      JsonObject json,
      Optional<Set<Integer>> accountIds,
      Optional<List<String>> fields,
      boolean source) {
    this.json = json;
    this.accountIds = accountIds;
    this.fields = fields;
    this.source = source;
  }

  /**
   * Reads a request's body.
   *
   * @throws InvalidFieldException for everything that is not allowed, with its path and what is
   */
  public static SearchBody of(JsonObject body) {
    Map<String, JsonValue> rebuilt = new LinkedHashMap<>(BODY.rebuilt(body, Place.BODY).members());
    rebuilt.remove(ACCOUNT_IDS);
    Aggregations.subs(body, Place.BODY);
    if (number(rebuilt, "from", 0) + number(rebuilt, "size", DEFAULT_SIZE) > MOST_HITS) {
      throw new InvalidFieldException(
          "from", "and size may be " + MOST_HITS + " together: search_after leads further");
    }
    if (rebuilt.containsKey("search_after") && number(rebuilt, "from", 0) > 0) {
      throw new InvalidFieldException("from", "must be 0 beside search_after");
    }
    rebuilt.putIfAbsent("_source", withoutHidden(List.of(), List.of()));
    boolean source = !NO_SOURCE.equals(rebuilt.get("_source"));
    Optional<List<String>> fields = fields(rebuilt.remove("fields"));
    if (fields.isPresent()) {
      rebuilt.put("_source", sourceOf(fields.get(), body, source));
    }
    rebuilt.put("timeout", new JsonValue.Text(TIMEOUT));
    return new SearchBody(new JsonObject(rebuilt), accountIds(body), fields, source);
  }

  private static Optional<List<String>> fields(@Nullable JsonValue asked) {
    return Optional.ofNullable(asked)
        .map(all -> values(all).stream().map(SearchBody::fieldName).toList())
        .filter(all -> !all.isEmpty());
  }

  private static String fieldName(JsonValue field) {
    return switch (field) {
      case JsonValue.Text text -> text.value();
      case JsonObject object -> Fields.of(object).requiredText("field");
      default -> throw new IllegalStateException("A field is a name, not " + field.kind());
    };
  }

  /** What of a hit's source is needed to tell the values of fields, and to show the source. */
  private static JsonValue sourceOf(List<String> fields, JsonObject body, boolean source) {
    List<JsonValue> names = fields.stream().<JsonValue>map(JsonValue.Text::new).toList();
    if (!source) {
      return withoutHidden(names, List.of());
    }
    if (body.member("_source").filter(value -> !(value instanceof JsonValue.Bool)).isPresent()) {
      throw new InvalidFieldException("_source", "may be true or false only beside fields");
    }
    JsonObject all = withoutHidden(names, List.of());
    return JsonObject.builder()
        .put("includes", List.of())
        .put("excludes", items(all, "excludes"))
        .build();
  }

  /** What goes to the engine. */
  JsonObject json() {
    return json;
  }

  /** A hit as it was asked for: with the values of its fields, and its source or without. */
  JsonObject shown(JsonObject hit) {
    if (fields.isEmpty() || !(hit.members().get("_source") instanceof JsonObject whole)) {
      return hit;
    }
    Map<String, JsonValue> members = new LinkedHashMap<>(hit.members());
    if (source) {
      Map<String, JsonValue> visible = new LinkedHashMap<>(whole.members());
      visible.keySet().removeAll(HIDDEN);
      members.put("_source", new JsonObject(visible));
    } else {
      members.remove("_source");
    }
    JsonObject values = new FieldValues(fields.get()).of(whole);
    if (!values.members().isEmpty()) {
      members.put("fields", values);
    }
    return new JsonObject(members);
  }

  /** The restored accounts to search; empty for all of the caller's. */
  Optional<Set<Integer>> accountIds() {
    return accountIds;
  }

  private static Optional<Set<Integer>> accountIds(JsonObject body) {
    Optional<List<Integer>> ids = Fields.of(body).integers(ACCOUNT_IDS);
    if (ids.isPresent() && ids.get().isEmpty()) {
      throw new InvalidFieldException(
          ACCOUNT_IDS, "must hold an id at least; leave it out to search all");
    }
    return ids.map(TreeSet::new);
  }

  private static int number(Map<String, JsonValue> members, String name, int otherwise) {
    return members.get(name) instanceof JsonValue.Num number
        ? number.value().intValueExact()
        : otherwise;
  }

  private static JsonValue source(JsonValue value, Place at) {
    return switch (value) {
      case JsonValue.Bool bool -> bool.value() ? withoutHidden(List.of(), List.of()) : bool;
      case JsonObject object -> {
        JsonObject both =
            Shape.EMPTY.with("includes", PATTERNS).with("excludes", PATTERNS).rebuilt(object, at);
        yield withoutHidden(items(both, "includes"), items(both, "excludes"));
      }
      default -> withoutHidden(values(PATTERNS.rebuilt(value, at)), List.of());
    };
  }

  private static JsonObject withoutHidden(List<JsonValue> includes, List<JsonValue> excludes) {
    List<JsonValue> out = new ArrayList<>(excludes);
    for (String hidden : HIDDEN) {
      JsonValue.Text name = new JsonValue.Text(hidden);
      if (!includes.contains(name) && !out.contains(name)) {
        out.add(name);
      }
    }
    return JsonObject.builder().put("includes", includes).put("excludes", out).build();
  }

  private static List<JsonValue> items(JsonObject object, String name) {
    return object.member(name).map(SearchBody::values).orElse(List.of());
  }

  private static List<JsonValue> values(JsonValue oneOrMany) {
    return oneOrMany instanceof JsonValue.Array array ? array.values() : List.of(oneOrMany);
  }

  /** The values of a hit's {@code sort}: null where the hit has no such field. */
  private static JsonValue searchAfter(JsonValue value, Place at) {
    return Rule.listOf(
            (item, place) ->
                item instanceof JsonValue.Null ? item : Rule.SCALAR.rebuilt(item, place))
        .rebuilt(value, at);
  }

  private static Rule sort() {
    Rule order = Rule.oneOf("asc", "desc");
    Shape onlyOrder = Shape.EMPTY.with("order", order);
    Shape bySpecial = Shape.EMPTY;
    for (String special : SPECIAL) {
      bySpecial = bySpecial.with(special, Rule.shortOrLong(order, onlyOrder));
    }
    Rule options =
        Rule.shortOrLong(
            order,
            onlyOrder
                .with("mode", Rule.oneOf("min", "max", "sum", "avg", "median"))
                .with("missing", Rule.SCALAR)
                .with("unmapped_type", Rule.oneOf("keyword", "double", "date")));
    Rule byField = FieldName.of(options);
    Rule special = bySpecial;
    return few(
        (value, at) -> {
          if (value instanceof JsonObject object) {
            boolean isSpecial = object.members().keySet().stream().anyMatch(SPECIAL::contains);
            return (isSpecial ? special : byField).rebuilt(object, at);
          }
          return value instanceof JsonValue.Text text && SPECIAL.contains(text.value())
              ? text
              : FieldName.ONE.rebuilt(value, at);
        });
  }

  private static Rule highlight() {
    Rule tags = few(Rule.OPTION);
    Shape options =
        Shape.EMPTY
            .with("type", Rule.oneOf("plain"))
            .with("pre_tags", tags)
            .with("post_tags", tags)
            .with("fragment_size", Rule.whole(0, LONGEST_FRAGMENT))
            .with("number_of_fragments", Rule.whole(0, MOST_NAMES))
            .with("no_match_size", Rule.whole(0, LONGEST_FRAGMENT))
            .with("require_field_match", Rule.BOOL)
            .with("order", Rule.oneOf("score", "none"));
    Shape whole =
        options
            .with("encoder", Rule.oneOf("default", "html"))
            .requiring(
                "fields",
                (value, at) -> {
                  JsonObject.Builder fields = JsonObject.builder();
                  Map<String, JsonValue> asked = Rule.object(value, at).members();
                  if (asked.size() > MOST_NAMES) {
                    throw at.refused("may have " + MOST_NAMES + " members");
                  }
                  asked.forEach(
                      (name, field) -> {
                        FieldName.ONE.rebuilt(new JsonValue.Text(name), at.member(name));
                        fields.put(name, options.rebuilt(field, at.member(name)));
                      });
                  return fields.build();
                });
    return (value, at) -> {
      Map<String, JsonValue> rebuilt = new LinkedHashMap<>(whole.rebuilt(value, at).members());
      rebuilt.put("type", new JsonValue.Text("plain"));
      return new JsonObject(rebuilt);
    };
  }

  /** One, or an array of not too many. */
  private static Rule few(Rule rule) {
    Rule oneOrMany = Rule.oneOrMany(rule);
    return (value, at) -> {
      if (value instanceof JsonValue.Array array && array.values().size() > MOST_NAMES) {
        throw at.refused("may have " + MOST_NAMES + " values");
      }
      return oneOrMany.rebuilt(value, at);
    };
  }
}
