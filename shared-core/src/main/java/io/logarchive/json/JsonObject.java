package io.logarchive.json;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object with its members in order. */
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  public JsonObject {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The member, unless it is absent or {@code null}. */
  public Optional<JsonValue> member(String name) {
    JsonValue value = members.get(name);
    return value == null || value instanceof Null ? Optional.empty() : Optional.of(value);
  }

  public byte[] bytes() {
    return Json.write(this);
  }

  /** Collects members in order; a null value is written as {@code null}. */
  public static final class Builder {
    private final Map<String, JsonValue> members = new LinkedHashMap<>();

    public Builder put(String name, @Nullable String value) {
      return put(name, value == null ? new Null() : new Text(value));
    }

    public Builder put(String name, long value) {
      return put(name, new Num(Long.toString(value)));
    }

    public Builder put(String name, boolean value) {
      return put(name, new Bool(value));
    }

    public Builder put(String name, List<? extends JsonValue> values) {
      return put(name, new Array(List.copyOf(values)));
    }

    public Builder put(String name, JsonValue value) {
      members.put(name, value);
      return this;
    }

    /** Epoch seconds with nine decimals, as the vendor's clients know them. */
    public Builder put(String name, @Nullable Instant time) {
      return put(
          name,
          time == null
              ? new Null()
              : new Num(
                  BigDecimal.valueOf(time.getEpochSecond())
                      .add(BigDecimal.valueOf(time.getNano(), 9))
                      .setScale(9)
                      .toPlainString()));
    }

    public Builder putNull(String name) {
      return put(name, new Null());
    }

    public JsonObject build() {
      return new JsonObject(members);
    }
  }
}
