package io.logarchive.search;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** The queries that may be asked, each with the options it may have. */
final class Queries {
  private static final int LONGEST_PATTERN = 256;
  private static final int LONGEST_QUERY_STRING = 4_096;
  private static final int MOST_SLOP = 1_000;

  private static final Shape BOOST = Shape.EMPTY.with("boost", Rule.NUMBER);
  private static final Rule OPERATOR = Rule.oneOf("and", "or", "AND", "OR");
  private static final Rule MINIMUM =
      (value, at) ->
          (value instanceof JsonValue.Num
                  ? Rule.whole(-Rule.MOST_ITEMS, Rule.MOST_ITEMS)
                  : Rule.OPTION)
              .rebuilt(value, at);
  private static final Rule FUZZINESS =
      (value, at) ->
          (value instanceof JsonValue.Num ? Rule.whole(0, 2) : Rule.oneOf("AUTO", "0", "1", "2"))
              .rebuilt(value, at);
  private static final Rule PATTERN = Rule.text(LONGEST_PATTERN);

  private static final Map<String, Rule> KINDS = kinds();

  private Queries() {}

  /** Any of the queries, by its place: it may not be too deep. */
  static JsonValue query(JsonValue value, Place at) {
    JsonObject query = Rule.object(value, at);
    Place inner = at.within();
    for (String kind : query.members().keySet()) {
      if (!KINDS.containsKey(kind)) {
        throw inner.member(kind).notAllowed(KINDS.keySet());
      }
    }
    if (query.members().size() != 1) {
      throw at.refused("must hold one query, not " + query.members().size());
    }
    Map.Entry<String, JsonValue> only = query.members().entrySet().iterator().next();
    Rule rule = KINDS.getOrDefault(only.getKey(), Shape.EMPTY);
    return JsonObject.builder()
        .put(only.getKey(), rule.rebuilt(only.getValue(), inner.member(only.getKey())))
        .build();
  }

  private static Map<String, Rule> kinds() {
    Map<String, Rule> kinds = new LinkedHashMap<>();
    Rule clauses = Rule.oneOrMany(Queries::query);
    kinds.put(
        "bool",
        BOOST
            .with("must", clauses)
            .with("filter", clauses)
            .with("should", clauses)
            .with("must_not", clauses)
            .with("minimum_should_match", MINIMUM));
    kinds.put("match_all", BOOST);
    kinds.put(
        "match",
        FieldName.of(
            Rule.shortOrLong(
                Rule.SCALAR,
                BOOST
                    .requiring("query", Rule.SCALAR)
                    .with("operator", OPERATOR)
                    .with("minimum_should_match", MINIMUM)
                    .with("fuzziness", FUZZINESS)
                    .with("zero_terms_query", Rule.oneOf("none", "all"))
                    .with("lenient", Rule.BOOL))));
    kinds.put(
        "match_phrase",
        FieldName.of(
            Rule.shortOrLong(
                Rule.SCALAR,
                BOOST
                    .requiring("query", Rule.SCALAR)
                    .with("slop", Rule.whole(0, MOST_SLOP))
                    .with("zero_terms_query", Rule.oneOf("none", "all")))));
    kinds.put(
        "term",
        FieldName.of(
            Rule.shortOrLong(
                Rule.SCALAR,
                BOOST.requiring("value", Rule.SCALAR).with("case_insensitive", Rule.BOOL))));
    kinds.put("terms", FieldName.with(BOOST, Rule.listOf(Rule.SCALAR)));
    kinds.put(
        "range",
        FieldName.of(
            BOOST
                .with("gt", Rule.SCALAR)
                .with("gte", Rule.SCALAR)
                .with("lt", Rule.SCALAR)
                .with("lte", Rule.SCALAR)
                .with("format", Rule.OPTION)
                .with("time_zone", Rule.OPTION)));
    kinds.put("exists", BOOST.requiring("field", FieldName.ONE));
    kinds.put("prefix", pattern(BOOST.requiring("value", PATTERN)));
    kinds.put("wildcard", pattern(BOOST.requiring("value", PATTERN)));
    kinds.put("ids", BOOST.requiring("values", Rule.listOf(Rule.OPTION)));
    kinds.put(
        "simple_query_string",
        BOOST
            .requiring("query", Rule.text(LONGEST_QUERY_STRING))
            .with("fields", Rule.listOf(FieldName.WITH_BOOST))
            .with("default_operator", OPERATOR)
            .with("flags", Rule.OPTION)
            .with("lenient", Rule.BOOL)
            .with("minimum_should_match", MINIMUM));
    return kinds;
  }

  private static Rule pattern(Shape full) {
    return FieldName.of(Rule.shortOrLong(PATTERN, full.with("case_insensitive", Rule.BOOL)));
  }
}
