package io.logarchive.local;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The events in which AWS hands an HTTP request to a Lambda function, and the reply that it reads
 * back. Bodies go in base64 whatever their type, as in a deployment that takes every media type for
 * binary.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html">REST
 *     API, payload format 1.0</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html">Function URL,
 *     payload format 2.0</a>
 */
final class LambdaEvents {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String ACCOUNT = "000000000000";
  private static final String API = "local";
  private static final String DOMAIN = "localhost";
  private static final String PROTOCOL = "HTTP/1.1";

  private LambdaEvents() {}

  /**
   * Payload format 1.0.
   *
   * @throws IllegalArgumentException if the query is not percent-encoded
   */
  static byte[] restApi(Request request, Instant received) {
    Map<String, List<String>> query = query(request);
    JsonObject identity =
        JsonObject.builder()
            .put("sourceIp", request.client())
            .put("userAgent", userAgent(request))
            .build();
    JsonObject context =
        JsonObject.builder()
            .put("resourceId", "proxy")
            .put("resourcePath", "/{proxy+}")
            .put("httpMethod", request.method())
            .put("extendedRequestId", request.id())
            .put("requestTime", TIME.format(received))
            .put("path", request.path())
            .put("accountId", ACCOUNT)
            .put("protocol", PROTOCOL)
            .put("stage", API)
            .put("domainPrefix", API)
            .put("requestTimeEpoch", received.toEpochMilli())
            .put("requestId", request.id())
            .put("identity", identity)
            .put("domainName", DOMAIN)
            .put("apiId", API)
            .build();
    boolean empty = request.body().length == 0;
    return JsonObject.builder()
        .put("resource", "/{proxy+}")
        .put("path", request.path())
        .put("httpMethod", request.method())
        .put("headers", last(request.headers()))
        .put("multiValueHeaders", all(request.headers()))
        .put("queryStringParameters", query.isEmpty() ? new JsonValue.Null() : last(query))
        .put("multiValueQueryStringParameters", query.isEmpty() ? new JsonValue.Null() : all(query))
        .put(
            "pathParameters",
            JsonObject.builder().put("proxy", request.path().substring(1)).build())
        .putNull("stageVariables")
        .put("requestContext", context)
        .put("body", empty ? new JsonValue.Null() : base64(request.body()))
        .put("isBase64Encoded", !empty)
        .build()
        .bytes();
  }

  /**
   * Payload format 2.0.
   *
   * @throws IllegalArgumentException if the query is not percent-encoded
   */
  static byte[] functionUrl(Request request, Instant received) {
    Map<String, List<String>> query = query(request);
    JsonObject.Builder headers = JsonObject.builder();
    List<JsonValue> cookies = new ArrayList<>();
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (name.equalsIgnoreCase("Cookie")) {
                for (String cookie : String.join(";", values).split(";", -1)) {
                  cookies.add(new JsonValue.Text(cookie.strip()));
                }
              } else {
                headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
              }
            });
    JsonObject http =
        JsonObject.builder()
            .put("method", request.method())
            .put("path", request.path())
            .put("protocol", PROTOCOL)
            .put("sourceIp", request.client())
            .put("userAgent", userAgent(request))
            .build();
    JsonObject context =
        JsonObject.builder()
            .put("accountId", "anonymous")
            .put("apiId", API)
            .put("domainName", DOMAIN)
            .put("domainPrefix", API)
            .put("http", http)
            .put("requestId", request.id())
            .put("routeKey", "$default")
            .put("stage", "$default")
            .put("time", TIME.format(received))
            .put("timeEpoch", received.toEpochMilli())
            .build();
    JsonObject.Builder event =
        JsonObject.builder()
            .put("version", "2.0")
            .put("routeKey", "$default")
            .put("rawPath", request.path())
            .put("rawQueryString", request.query() == null ? "" : request.query());
    if (!cookies.isEmpty()) {
      event.put("cookies", cookies);
    }
    event.put("headers", headers.build());
    if (!query.isEmpty()) {
      JsonObject.Builder parameters = JsonObject.builder();
      query.forEach((name, values) -> parameters.put(name, String.join(",", values)));
      event.put("queryStringParameters", parameters.build());
    }
    event.put("requestContext", context);
    boolean empty = request.body().length == 0;
    if (!empty) {
      event.put("body", base64(request.body()));
    }
    return event.put("isBase64Encoded", !empty).build().bytes();
  }

  /**
   * Reads what a function answered, in either format.
   *
   * @throws MalformedJsonException if it is not a reply that AWS would pass on
   */
  static Reply reply(byte[] answer) {
    JsonObject reply = Json.object(answer);
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    reply.member("headers").ifPresent(value -> headers.putAll(multimap(value)));
    reply.member("multiValueHeaders").ifPresent(value -> headers.putAll(multimap(value)));
    reply.member("cookies").ifPresent(value -> headers.put("Set-Cookie", texts(value)));
    String body = reply.member("body").map(LambdaEvents::text).orElse("");
    boolean base64 =
        reply.member("isBase64Encoded").filter(new JsonValue.Bool(true)::equals).isPresent();
    return new Reply(
        reply.member("statusCode").map(LambdaEvents::status).orElseThrow(LambdaEvents::noStatus),
        headers,
        base64 ? decode(body) : body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("has a body that is not base64");
    }
  }

  private static int status(JsonValue value) {
    String text = text(value);
    if (!text.matches("[1-5][0-9][0-9]")) {
      throw noStatus();
    }
    return Integer.parseInt(text);
  }

  private static MalformedJsonException noStatus() {
    return new MalformedJsonException("has no statusCode between 100 and 599");
  }

  private static Map<String, List<String>> multimap(JsonValue value) {
    if (!(value instanceof JsonObject object)) {
      throw new MalformedJsonException("has headers that are " + value.kind());
    }
    Map<String, List<String>> multimap = new LinkedHashMap<>();
    object.members().forEach((name, values) -> multimap.put(name, texts(values)));
    return multimap;
  }

  private static List<String> texts(JsonValue value) {
    return value instanceof JsonValue.Array array
        ? array.values().stream().map(LambdaEvents::text).toList()
        : List.of(text(value));
  }

  private static String text(JsonValue value) {
    return switch (value) {
      case JsonValue.Text text -> text.value();
      case JsonValue.Num number -> number.text();
      case JsonValue.Bool bool -> Boolean.toString(bool.value());
      case JsonValue.Null none -> "";
      case JsonValue.Array array -> throw new MalformedJsonException("has an array for a text");
      case JsonObject object -> throw new MalformedJsonException("has an object for a text");
    };
  }

  private static JsonValue base64(byte[] body) {
    return new JsonValue.Text(Base64.getEncoder().encodeToString(body));
  }

  private static String userAgent(Request request) {
    return String.join(",", request.headers().getOrDefault("User-Agent", List.of()));
  }

  private static JsonObject last(Map<String, List<String>> multimap) {
    JsonObject.Builder object = JsonObject.builder();
    multimap.forEach((name, values) -> object.put(name, values.getLast()));
    return object.build();
  }

  private static JsonObject all(Map<String, List<String>> multimap) {
    JsonObject.Builder object = JsonObject.builder();
    multimap.forEach(
        (name, values) -> object.put(name, values.stream().map(JsonValue.Text::new).toList()));
    return object.build();
  }

  private static Map<String, List<String>> query(Request request) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (request.query() != null) {
      for (String parameter : request.query().split("&", -1)) {
        if (!parameter.isEmpty()) {
          int equals = parameter.indexOf('=');
          String name = equals < 0 ? parameter : parameter.substring(0, equals);
          String value = equals < 0 ? "" : parameter.substring(equals + 1);
          query.computeIfAbsent(decodeUrl(name), key -> new ArrayList<>()).add(decodeUrl(value));
        }
      }
    }
    return query;
  }

  private static String decodeUrl(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }
}
