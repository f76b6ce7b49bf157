package io.logarchive.functions.aws;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Events as AWS documents them. */
final class Events {
  private Events() {}

  static InputStream named(String name) {
    InputStream event = Events.class.getResourceAsStream("/events/" + name + ".json");
    if (event == null) {
      throw new IllegalArgumentException("No event is named " + name);
    }
    return event;
  }

  static String text(String name) {
    try (InputStream event = named(name)) {
      return new String(event.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The event, with a part of its text replaced. */
  static InputStream changed(String name, String part, String replacement) {
    String text = text(name);
    if (!text.contains(part)) {
      throw new IllegalArgumentException("The event " + name + " has no " + part);
    }
    return of(text.replace(part, replacement));
  }

  static InputStream of(String json) {
    return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A request as a REST API hands it over. */
  static InputStream restApi(String method, String path, String token, String body) {
    return of(
        Json.text(
            JsonObject.builder()
                .put("path", path)
                .put("httpMethod", method)
                .put(
                    "multiValueHeaders",
                    JsonObject.builder().put("x-api-token", texts(token)).build())
                .putNull("multiValueQueryStringParameters")
                .put(
                    "requestContext",
                    JsonObject.builder().put("requestId", "gateway-1").put("stage", "v1").build())
                .put("body", body)
                .put("isBase64Encoded", false)
                .build()));
  }

  /** A body as a function URL hands it over. */
  static InputStream functionUrl(String query, byte[] body) {
    JsonObject http = JsonObject.builder().put("method", "POST").put("path", "/").build();
    return of(
        Json.text(
            JsonObject.builder()
                .put("version", "2.0")
                .put("rawPath", "/")
                .put("rawQueryString", query)
                .put("headers", JsonObject.builder().put("content-encoding", "gzip").build())
                .put(
                    "requestContext",
                    JsonObject.builder().put("requestId", "url-1").put("http", http).build())
                .put("body", Base64.getEncoder().encodeToString(body))
                .put("isBase64Encoded", true)
                .build()));
  }

  private static List<JsonValue> texts(String text) {
    return List.of(new JsonValue.Text(text));
  }
}
