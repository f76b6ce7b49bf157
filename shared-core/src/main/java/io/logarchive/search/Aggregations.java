package io.logarchive.search;

import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The aggregations that may be asked for, each with the options it may have, and the bound on their
 * buckets.
 *
 * <p>What {@code terms} and {@code filters} can make is known before: each level's buckets times
 * those around it may be {@link #MOST_BUCKETS}, all that stand side by side together. How many a
 * histogram makes depends on the logs: the engine itself stops a search at its own limit ({@code
 * search.max_buckets}), and a reply with more than ours is refused. Histograms leave out empty
 * buckets: the engine fills the gaps between two far times, such as 1970 and today by the second,
 * in memory before it looks at any limit.
 */
final class Aggregations {
  static final int MOST_BUCKETS = 1_000;

  /** Each is worked out for each bucket around it, before the engine counts buckets. */
  private static final int MOST_AGGREGATIONS = 100;

  private static final int DEFAULT_TERMS = 10;
  private static final int MOST_PRECISION = 3_000;
  private static final Pattern NAME = Pattern.compile("[^\\[\\]>]{1,100}");
  private static final List<String> SUBS = List.of("aggs", "aggregations");
  private static final Set<String> TAKE_SUBS =
      Set.of("terms", "date_histogram", "histogram", "filter", "filters");

  private static final Set<String> KNOWN_BEFORE = Set.of("terms", "filters");

  private static final Map<String, Rule> KINDS = kinds();
  private static final List<String> ALLOWED = allowed();

  private Aggregations() {}

  static Rule rule() {
    return (value, at) -> {
      JsonObject rebuilt = named(value, at, 1);
      if (count(rebuilt) > MOST_AGGREGATIONS) {
        throw at.refused("may hold " + MOST_AGGREGATIONS + " aggregations in all");
      }
      long buckets = most(rebuilt, 1);
      if (buckets > MOST_BUCKETS) {
        throw tooMany(at, buckets);
      }
      return rebuilt;
    };
  }

  private static int count(JsonObject named) {
    int count = 0;
    for (JsonValue each : named.members().values()) {
      count++;
      if (each instanceof JsonObject aggregation
          && aggregation.members().get("aggs") instanceof JsonObject below) {
        count += count(below);
      }
    }
    return count;
  }

  /** How many buckets a reply's aggregations have in all. */
  static int buckets(JsonObject aggregations) {
    int buckets = 0;
    for (JsonValue value : aggregations.members().values()) {
      if (value instanceof JsonObject aggregation) {
        List<JsonValue> own = bucketsOf(aggregation);
        buckets += own.size();
        for (JsonValue bucket : own) {
          buckets += bucket instanceof JsonObject object ? buckets(object) : 0;
        }
        buckets += own.isEmpty() ? buckets(aggregation) : 0;
      }
    }
    return buckets;
  }

  private static List<JsonValue> bucketsOf(JsonObject aggregation) {
    return items(aggregation.members().get("buckets"));
  }

  /** What is in a list, or in an object that gives each a name. */
  private static List<JsonValue> items(@Nullable JsonValue listed) {
    if (listed instanceof JsonObject named) {
      return List.copyOf(named.members().values());
    }
    return listed instanceof JsonValue.Array array ? array.values() : List.of();
  }

  private static JsonObject named(JsonValue value, Place at, int around) {
    JsonObject.Builder rebuilt = JsonObject.builder();
    Rule.object(value, at)
        .members()
        .forEach(
            (name, aggregation) -> {
              if (!NAME.matcher(name).matches()) {
                throw at.member(name)
                    .refused("must have a name of 1 to 100 characters without [, ] and >");
              }
              rebuilt.put(name, one(aggregation, at.member(name), around));
            });
    return rebuilt.build();
  }

  private static JsonObject one(JsonValue value, Place at, int around) {
    JsonObject aggregation = Rule.object(value, at);
    Place inner = at.within();
    List<String> kinds = new ArrayList<>(aggregation.members().keySet());
    kinds.removeAll(SUBS);
    for (String kind : kinds) {
      if (!KINDS.containsKey(kind)) {
        throw inner.member(kind).notAllowed(ALLOWED);
      }
    }
    if (kinds.size() != 1) {
      throw at.refused("must hold one aggregation, not " + kinds.size());
    }
    String kind = kinds.getFirst();
    JsonValue asked = aggregation.members().getOrDefault(kind, JsonObject.EMPTY);
    JsonValue body = KINDS.getOrDefault(kind, Shape.EMPTY).rebuilt(asked, inner.member(kind));
    long buckets = (long) around * most(kind, body);
    if (buckets > MOST_BUCKETS) {
      throw tooMany(inner.member(kind), buckets);
    }
    JsonObject.Builder rebuilt = JsonObject.builder().put(kind, body);
    subs(aggregation, inner)
        .ifPresent(
            name -> {
              if (!TAKE_SUBS.contains(kind)) {
                throw inner.member(name).refused("is not allowed beside " + kind);
              }
              JsonValue subs = aggregation.members().getOrDefault(name, JsonObject.EMPTY);
              rebuilt.put("aggs", named(subs, inner.member(name), (int) buckets));
            });
    return rebuilt.build();
  }

  /** Under which of its two names an object holds aggregations. */
  static Optional<String> subs(JsonObject object, Place at) {
    List<String> names = SUBS.stream().filter(name -> object.member(name).isPresent()).toList();
    if (names.size() > 1) {
      throw at.member(names.getLast()).refused("is the same as " + names.getFirst() + ": use one");
    }
    return names.stream().findFirst();
  }

  private static int most(String kind, JsonValue body) {
    JsonObject object = (JsonObject) body;
    return switch (kind) {
      case "terms" ->
          object.members().get("size") instanceof JsonValue.Num size
              ? size.value().intValueExact()
              : DEFAULT_TERMS;
      case "filters" -> items(object.members().get("filters")).size() + 1;
      default -> 1;
    };
  }

  /** How many buckets aggregations side by side can make, as far as that is known before. */
  private static long most(JsonObject aggregations, long around) {
    long most = 0;
    for (JsonValue each : aggregations.members().values()) {
      JsonObject aggregation = (JsonObject) each;
      for (Map.Entry<String, JsonValue> member : aggregation.members().entrySet()) {
        String kind = member.getKey();
        if (!kind.equals("aggs")) {
          long own = around * most(kind, member.getValue());
          long inner = most(within(aggregation), own);
          most += KNOWN_BEFORE.contains(kind) ? Math.max(own, inner) : inner;
        }
      }
    }
    return most;
  }

  private static JsonObject within(JsonObject aggregation) {
    return aggregation.members().get("aggs") instanceof JsonObject subs ? subs : JsonObject.EMPTY;
  }

  private static InvalidFieldException tooMany(Place at, long buckets) {
    return at.refused(
        "could make " + buckets + " buckets; at most " + MOST_BUCKETS + " are allowed");
  }

  private static Map<String, Rule> kinds() {
    Shape field = Shape.EMPTY.requiring("field", FieldName.ONE).with("missing", Rule.SCALAR);
    Rule direction = Rule.oneOf("asc", "desc");
    Rule orders =
        Rule.oneOrMany(
            (value, at) -> {
              JsonObject.Builder rebuilt = JsonObject.builder();
              JsonObject order = Rule.object(value, at);
              if (order.members().size() != 1) {
                throw at.refused("must hold one order, such as {\"_count\": \"desc\"}");
              }
              order
                  .members()
                  .forEach(
                      (by, way) ->
                          rebuilt.put(
                              ((JsonValue.Text) Rule.OPTION.rebuilt(new JsonValue.Text(by), at))
                                  .value(),
                              direction.rebuilt(way, at.member(by))));
              return rebuilt.build();
            });
    Rule leastCount = Rule.whole(1, Integer.MAX_VALUE);
    Shape histogram =
        field.with("min_doc_count", leastCount).with("keyed", Rule.BOOL).with("order", orders);
    Shape bounds = Shape.EMPTY.with("min", Rule.SCALAR).with("max", Rule.SCALAR);

    Map<String, Rule> kinds = new LinkedHashMap<>();
    kinds.put(
        "terms",
        field
            .with("size", Rule.whole(1, MOST_BUCKETS))
            .with("order", orders)
            .with("min_doc_count", leastCount)
            .with("include", Rule.listOf(Rule.SCALAR))
            .with("exclude", Rule.listOf(Rule.SCALAR)));
    kinds.put(
        "date_histogram",
        withoutGaps(
            histogram
                .with("calendar_interval", Rule.OPTION)
                .with("fixed_interval", Rule.OPTION)
                .with("time_zone", Rule.OPTION)
                .with("offset", Rule.OPTION)
                .with("format", Rule.OPTION)
                .with("hard_bounds", bounds)));
    kinds.put(
        "histogram",
        withoutGaps(
            histogram
                .requiring("interval", Rule.NUMBER)
                .with("offset", Rule.NUMBER)
                .with("hard_bounds", bounds)));
    for (String metric : List.of("min", "max", "avg", "sum", "value_count")) {
      kinds.put(metric, field);
    }
    kinds.put("cardinality", field.with("precision_threshold", Rule.whole(0, MOST_PRECISION)));
    kinds.put("filter", Queries::query);
    Rule each = Queries::query;
    Rule list = Rule.listOf(each);
    kinds.put(
        "filters",
        Shape.EMPTY
            .requiring(
                "filters",
                (value, at) ->
                    value instanceof JsonObject object
                        ? eachOf(object, each, at)
                        : list.rebuilt(value, at))
            .with("other_bucket", Rule.BOOL)
            .with("other_bucket_key", Rule.OPTION));
    return kinds;
  }

  private static JsonObject eachOf(JsonObject named, Rule rule, Place at) {
    JsonObject.Builder rebuilt = JsonObject.builder();
    named
        .members()
        .forEach((name, value) -> rebuilt.put(name, rule.rebuilt(value, at.member(name))));
    return rebuilt.build();
  }

  private static Rule withoutGaps(Shape histogram) {
    return (value, at) -> {
      JsonObject rebuilt = histogram.rebuilt(value, at);
      if (rebuilt.member("min_doc_count").isPresent()) {
        return rebuilt;
      }
      Map<String, JsonValue> members = new LinkedHashMap<>(rebuilt.members());
      members.put("min_doc_count", new JsonValue.Num("1"));
      return new JsonObject(members);
    };
  }

  private static List<String> allowed() {
    List<String> allowed = new ArrayList<>(KINDS.keySet());
    allowed.add("aggs");
    return List.copyOf(allowed);
  }
}
