package io.logarchive.functions.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.logarchive.functions.UrlDecoding;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The events in which AWS hands HTTP requests to a function, and the replies that it reads back:
 * payload format 1.0 as REST APIs send it, 2.0 as function URLs do. Both take the same reply.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html">REST
 *     APIs</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html">Function
 *     URLs</a>
 */
final class HttpEvents {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private HttpEvents() {}

  /**
   * The request in an event. Nothing that a client sends makes this fail.
   *
   * @throws io.logarchive.json.MalformedJsonException if it is not JSON
   * @throws InvalidFieldException if it is not such an event
   */
  static ApiRequest read(InputStream event) throws IOException {
    Fields fields = Fields.of(Json.object(event.readAllBytes()));
    return fields.has("rawPath") ? functionUrl(fields) : restApi(fields);
  }

  /** Here the path still is as the client sent it, but the query is decoded. */
  private static ApiRequest restApi(Fields event) {
    return request(
        event,
        event.requiredText("httpMethod"),
        event.requiredText("path"),
        texts(event, "multiValueQueryStringParameters", "queryStringParameters", List::getFirst));
  }

  private static ApiRequest functionUrl(Fields event) {
    return request(
        event,
        event.requiredObject("requestContext").requiredObject("http").requiredText("method"),
        event.requiredText("rawPath"),
        UrlDecoding.query(event.text("rawQueryString").orElse("")));
  }

  private static ApiRequest request(
      Fields event, String method, String path, Map<String, String> query) {
    boolean base64 = event.bool("isBase64Encoded").orElse(false);
    String body = event.text("body").orElse("");
    return new ApiRequest(
        method,
        UrlDecoding.path(path),
        query,
        texts(event, "multiValueHeaders", "headers", values -> String.join(",", values)),
        base64 ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8),
        base64 || body.isEmpty(),
        event.requiredObject("requestContext").requiredText("requestId"));
  }

  /** The members of {@code lists}, where an event has it; else those of {@code singles}. */
  private static Map<String, String> texts(
      Fields event, String lists, String singles, Function<List<String>, String> one) {
    Map<String, String> texts = new LinkedHashMap<>();
    event
        .object(lists)
        .or(() -> event.object(singles))
        .map(Fields::object)
        .orElse(JsonObject.EMPTY)
        .members()
        .forEach(
            (name, value) -> {
              List<String> values =
                  value instanceof JsonValue.Array array
                      ? array.values().stream().map(item -> text(name, item)).toList()
                      : List.of(text(name, value));
              if (!values.isEmpty()) {
                texts.put(name, one.apply(values));
              }
            });
    return texts;
  }

  private static String text(String name, JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      return text.value();
    }
    throw new InvalidFieldException(name, "must be a string, not " + value.kind());
  }

  static void write(ApiResponse response, OutputStream reply) throws IOException {
    byte[] body = response.body();
    boolean plain = isText(response) && escapedLength(body) <= base64Length(body);
    try (JsonGenerator json = FACTORY.createGenerator(reply)) {
      json.writeStartObject();
      json.writeNumberField("statusCode", response.status());
      json.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> header : response.headers().entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      json.writeBooleanField("isBase64Encoded", !plain);
      json.writeFieldName("body");
      if (plain) {
        json.writeUTF8String(body, 0, body.length);
      } else {
        json.writeBinary(body);
      }
      json.writeEndObject();
    }
  }

  private static boolean isText(ApiResponse response) {
    String type = response.headers().getOrDefault("Content-Type", "text/plain");
    return type.startsWith("text/") || type.startsWith("application/json");
  }

  /**
   * A search's reply may be full of quotes and backslashes. In base64 its 4 MB fit the 6 MB that a
   * function may answer, with every second byte escaped they do not.
   */
  private static long escapedLength(byte[] text) {
    long length = text.length;
    for (byte b : text) {
      if (b == '"' || b == '\\') {
        length += 1;
      } else if (b >= 0 && b < ' ') {
        length += 5;
      }
    }
    return length;
  }

  private static long base64Length(byte[] bytes) {
    return (bytes.length + 2L) / 3 * 4;
  }
}
