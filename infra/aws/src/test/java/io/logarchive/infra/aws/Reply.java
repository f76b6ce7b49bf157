package io.logarchive.infra.aws;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What came back from the service. */
record Reply(int status, byte[] body) {

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  JsonObject json() {
    return Json.object(body);
  }

  /** The member at the end of a path of members. */
  static JsonValue at(JsonValue value, String... path) {
    JsonValue found = value;
    for (String name : path) {
      JsonValue within = found;
      found =
          within instanceof JsonObject object && object.member(name).isPresent()
              ? object.member(name).get()
              : missing(name, within);
    }
    return found;
  }

  static String text(JsonValue value, String... path) {
    return at(value, path) instanceof JsonValue.Text text ? text.value() : "";
  }

  static long number(JsonValue value, String... path) {
    return at(value, path) instanceof JsonValue.Num number ? number.value().longValue() : -1;
  }

  static List<JsonValue> list(JsonValue value, String... path) {
    return at(value, path) instanceof JsonValue.Array array ? array.values() : List.of();
  }

  private static JsonValue missing(String name, JsonValue within) {
    throw new AssertionError("No " + name + " in " + Json.text(within));
  }
}
