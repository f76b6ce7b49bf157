package io.logarchive.aws;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.stored.Stored;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item: keys and conditions, and beside them what is stored of a record. */
final class Attributes {
  private final Map<String, AttributeValue> values;

  private Attributes(Map<String, AttributeValue> values) {
    this.values = values;
  }

  static Attributes empty() {
    return new Attributes(new LinkedHashMap<>());
  }

  static Attributes of(Map<String, AttributeValue> values) {
    return new Attributes(values);
  }

  Map<String, AttributeValue> values() {
    return Collections.unmodifiableMap(values);
  }

  Attributes text(String name, @Nullable String value) {
    return value == null ? this : put(name, AttributeValue.fromS(value));
  }

  Attributes number(String name, long value) {
    return put(name, AttributeValue.fromN(Long.toString(value)));
  }

  /** All that is stored of a record, beside the item's keys. */
  Attributes all(Stored stored) {
    stored.json().members().forEach((name, value) -> put(name, attribute(value)));
    return this;
  }

  Stored stored() {
    return Stored.of(object(values));
  }

  String text(String name) {
    return required(name).s();
  }

  long number(String name) {
    return Long.parseLong(required(name).n());
  }

  private Attributes put(String name, AttributeValue value) {
    values.put(name, value);
    return this;
  }

  private AttributeValue required(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  private static AttributeValue attribute(JsonValue value) {
    return switch (value) {
      case JsonValue.Text text -> AttributeValue.fromS(text.value());
      case JsonValue.Num number -> AttributeValue.fromN(number.text());
      case JsonValue.Bool bool -> AttributeValue.fromBool(bool.value());
      case JsonValue.Null none -> AttributeValue.fromNul(true);
      case JsonValue.Array array ->
          AttributeValue.fromL(array.values().stream().map(Attributes::attribute).toList());
      case JsonObject object -> AttributeValue.fromM(empty().all(Stored.of(object)).values());
    };
  }

  private static JsonObject object(Map<String, AttributeValue> values) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    values.forEach((name, value) -> members.put(name, json(value)));
    return new JsonObject(members);
  }

  private static JsonValue json(AttributeValue value) {
    return switch (value.type()) {
      case S -> new JsonValue.Text(value.s());
      case N -> new JsonValue.Num(value.n());
      case BOOL -> new JsonValue.Bool(value.bool());
      case NUL -> new JsonValue.Null();
      case L -> new JsonValue.Array(value.l().stream().map(Attributes::json).toList());
      case M -> object(value.m());
      default -> throw new IllegalStateException("Nothing is stored as " + value.type());
    };
  }
}
