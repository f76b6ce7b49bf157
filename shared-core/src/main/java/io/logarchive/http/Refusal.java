package io.logarchive.http;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that says no: what is wrong and what to do. Thrown where a request is decoded or its
 * caller is authenticated, turned into a reply by {@link Routes}.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String errorCode;
  private final transient Map<String, String> headers;
  private final transient Map<String, JsonValue> details;

  private Refusal(
      int status,
      String errorCode,
      String message,
      Map<String, String> headers,
      Map<String, JsonValue> details) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.headers = Map.copyOf(headers);
    this.details = new LinkedHashMap<>(details);
  }

  public Refusal(int status, String errorCode, String message) {
    this(status, errorCode, message, Map.of(), Map.of());
  }

  /** {@code 400}: the message names the field and the rule. */
  public static Refusal invalid(String message) {
    return new Refusal(400, "INVALID_REQUEST", message);
  }

  public static Refusal notFound(String what) {
    return new Refusal(404, "NOT_FOUND", what + " was not found");
  }

  public static Refusal conflict(String errorCode, String message) {
    return new Refusal(409, errorCode, message);
  }

  /**
   * {@code 429}: the same request is taken later.
   *
   * @param wait until it is worth trying, rounded up to whole seconds
   */
  public static Refusal tooMany(String message, Duration wait) {
    long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    return new Refusal(429, "TOO_MANY_REQUESTS", message)
        .with("Retry-After", Long.toString(seconds));
  }

  /** {@code 501}: a part of the API that this version does not have. */
  public static Refusal notBuilt(String what) {
    return new Refusal(501, "NOT_IMPLEMENTED", what + " is not available in this version");
  }

  /** {@code 503}: the same request works later. */
  public static Refusal later(String errorCode, String message, int seconds) {
    return new Refusal(503, errorCode, message).with("Retry-After", Integer.toString(seconds));
  }

  public Refusal with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Refusal(status, errorCode, message(), more, details);
  }

  /** Adds a member to the error's body. */
  public Refusal detail(String name, JsonValue value) {
    Map<String, JsonValue> more = new LinkedHashMap<>(details);
    more.put(name, value);
    return new Refusal(status, errorCode, message(), headers, more);
  }

  public int status() {
    return status;
  }

  /** Such as {@code NOT_FOUND}. */
  public String errorCode() {
    return errorCode;
  }

  private String message() {
    return String.valueOf(getMessage());
  }

  public ApiResponse reply(String requestId) {
    JsonObject.Builder body =
        JsonObject.builder()
            .put("errorCode", "archive/" + errorCode)
            .put("message", message())
            .put("requestId", requestId);
    details.forEach(body::put);
    ApiResponse reply = ApiResponse.json(status, body.build()).refusing(errorCode);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      reply = reply.with(header.getKey(), header.getValue());
    }
    return reply;
  }
}
