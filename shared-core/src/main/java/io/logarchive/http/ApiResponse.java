package io.logarchive.http;

import io.logarchive.json.Json;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reply. Header names are as HTTP documents write them.
 *
 * @param errorCode why it refuses what was asked for; null if it does not
 */
public record ApiResponse(
    int status, Map<String, String> headers, byte[] body, @Nullable String errorCode) {

  public ApiResponse {
    headers = Map.copyOf(headers);
  }

  public ApiResponse(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, null);
  }

  public static ApiResponse json(int status, JsonValue value) {
    return new ApiResponse(status, Map.of("Content-Type", "application/json"), Json.write(value));
  }

  public static ApiResponse text(int status, String text) {
    return new ApiResponse(
        status,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  public static ApiResponse empty(int status) {
    return new ApiResponse(status, Map.of(), new byte[0]);
  }

  public ApiResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiResponse(status, more, body, errorCode);
  }

  /** The same reply as one that refuses. */
  public ApiResponse refusing(String code) {
    return new ApiResponse(status, headers, body, code);
  }

  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return status + " " + headers + " " + body.length + " bytes";
  }
}
