package io.logarchive.stored;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An object as a store keeps it: written member by member, absent where a value is null. */
public final class Stored {
  private final Map<String, JsonValue> members;

  private Stored(Map<String, JsonValue> members) {
    this.members = members;
  }

  public static Stored empty() {
    return new Stored(new LinkedHashMap<>());
  }

  public static Stored of(JsonObject object) {
    return new Stored(new LinkedHashMap<>(object.members()));
  }

  public JsonObject json() {
    return new JsonObject(members);
  }

  public Stored text(String name, @Nullable String value) {
    return value == null ? this : put(name, new JsonValue.Text(value));
  }

  public Stored number(String name, long value) {
    return put(name, new JsonValue.Num(Long.toString(value)));
  }

  public Stored number(String name, @Nullable Integer value) {
    return value == null ? this : number(name, value.longValue());
  }

  public Stored flag(String name, boolean value) {
    return put(name, new JsonValue.Bool(value));
  }

  public Stored bytes(String name, byte[] value) {
    return text(name, Base64.getEncoder().encodeToString(value));
  }

  /** As text, which keeps every digit. */
  public Stored time(String name, @Nullable Instant value) {
    return text(name, value == null ? null : value.toString());
  }

  public <T> Stored map(String name, @Nullable T value, Function<T, Stored> writer) {
    return value == null ? this : put(name, writer.apply(value).json());
  }

  public <T> Stored list(String name, List<T> list, Function<T, Stored> writer) {
    return put(
        name,
        new JsonValue.Array(
            list.stream().<JsonValue>map(each -> writer.apply(each).json()).toList()));
  }

  public String text(String name) {
    return text(required(name));
  }

  public @Nullable String optionalText(String name) {
    JsonValue value = members.get(name);
    return value == null ? null : text(value);
  }

  public long number(String name) {
    return number(required(name));
  }

  /** 0 where there is none. */
  public long optionalNumber(String name) {
    JsonValue value = members.get(name);
    return value == null ? 0 : number(value);
  }

  public int integer(String name) {
    return Math.toIntExact(number(name));
  }

  public @Nullable Integer optionalInteger(String name) {
    JsonValue value = members.get(name);
    return value == null ? null : Math.toIntExact(number(value));
  }

  public boolean flag(String name) {
    return ((JsonValue.Bool) required(name)).value();
  }

  public byte[] bytes(String name) {
    return Base64.getDecoder().decode(text(name));
  }

  public Instant time(String name) {
    return Instant.parse(text(name));
  }

  public @Nullable Instant optionalTime(String name) {
    String text = optionalText(name);
    return text == null ? null : Instant.parse(text);
  }

  public <T> T map(String name, Function<Stored, T> reader) {
    return reader.apply(of((JsonObject) required(name)));
  }

  public <T> @Nullable T optionalMap(String name, Function<Stored, T> reader) {
    JsonValue value = members.get(name);
    return value == null ? null : reader.apply(of((JsonObject) value));
  }

  public <T> List<T> list(String name, Function<Stored, T> reader) {
    return ((JsonValue.Array) required(name))
        .values().stream().map(value -> reader.apply(of((JsonObject) value))).toList();
  }

  private Stored put(String name, JsonValue value) {
    members.put(name, value);
    return this;
  }

  private JsonValue required(String name) {
    return Objects.requireNonNull(members.get(name), name);
  }

  private static String text(JsonValue value) {
    return ((JsonValue.Text) value).value();
  }

  private static long number(JsonValue value) {
    return Long.parseLong(((JsonValue.Num) value).text());
  }
}
