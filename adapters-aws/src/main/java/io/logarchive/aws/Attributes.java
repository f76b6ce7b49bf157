package io.logarchive.aws;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item, or a map within one: written member by member, absent where a value is null. */
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

  Attributes number(String name, @Nullable Integer value) {
    return value == null ? this : number(name, value.longValue());
  }

  Attributes flag(String name, boolean value) {
    return put(name, AttributeValue.fromBool(value));
  }

  Attributes bytes(String name, byte[] value) {
    return put(name, AttributeValue.fromB(SdkBytes.fromByteArray(value)));
  }

  /** As text, which keeps every digit. */
  Attributes time(String name, @Nullable Instant value) {
    return text(name, value == null ? null : value.toString());
  }

  <T> Attributes map(String name, @Nullable T value, Function<T, Attributes> writer) {
    return value == null ? this : put(name, AttributeValue.fromM(writer.apply(value).values));
  }

  <T> Attributes list(String name, List<T> list, Function<T, Attributes> writer) {
    return put(
        name,
        AttributeValue.fromL(
            list.stream().map(each -> AttributeValue.fromM(writer.apply(each).values)).toList()));
  }

  String text(String name) {
    return required(name).s();
  }

  @Nullable String optionalText(String name) {
    AttributeValue value = values.get(name);
    return value == null ? null : value.s();
  }

  long number(String name) {
    return Long.parseLong(required(name).n());
  }

  int integer(String name) {
    return Integer.parseInt(required(name).n());
  }

  @Nullable Integer optionalInteger(String name) {
    AttributeValue value = values.get(name);
    return value == null ? null : Integer.valueOf(value.n());
  }

  boolean flag(String name) {
    return required(name).bool();
  }

  byte[] bytes(String name) {
    return required(name).b().asByteArray();
  }

  Instant time(String name) {
    return Instant.parse(text(name));
  }

  @Nullable Instant optionalTime(String name) {
    String text = optionalText(name);
    return text == null ? null : Instant.parse(text);
  }

  <T> T map(String name, Function<Attributes, T> reader) {
    return reader.apply(of(required(name).m()));
  }

  <T> @Nullable T optionalMap(String name, Function<Attributes, T> reader) {
    AttributeValue value = values.get(name);
    return value == null ? null : reader.apply(of(value.m()));
  }

  <T> List<T> list(String name, Function<Attributes, T> reader) {
    return required(name).l().stream().map(value -> reader.apply(of(value.m()))).toList();
  }

  private Attributes put(String name, AttributeValue value) {
    values.put(name, value);
    return this;
  }

  private AttributeValue required(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }
}
