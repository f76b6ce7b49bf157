package io.logarchive.local;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.MalformedJsonException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A reply of the service that is not the one asked for. */
final class Refused extends IOException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST_TEXT = 500;

  private final int status;
  private final String explanation;
  private final @Nullable String requestId;
  private final boolean ofTheService;

  /**
   * Of a reply.
   *
   * @param call such as {@code GET /healthz}
   */
  Refused(String call, ServiceClient.Answer answer) {
    super(call + " was answered " + answer.status() + ": " + answer.text());
    JsonObject error = error(answer);
    String message = ServiceClient.text(error, "message");
    String id = ServiceClient.text(error, "requestId");
    this.status = answer.status();
    this.explanation = message.isEmpty() ? cut(answer.text().strip()) : message;
    this.ofTheService = !ServiceClient.text(error, "errorCode").isEmpty();
    this.requestId = id.isEmpty() ? answer.requestId() : id;
  }

  int status() {
    return status;
  }

  /** What the service says is wrong, or the reply's text if it is another's. */
  String explanation() {
    return explanation;
  }

  /** Whether the service wrote the reply, and not something before it. */
  boolean isOfTheService() {
    return ofTheService;
  }

  @Nullable String requestId() {
    return requestId;
  }

  private static JsonObject error(ServiceClient.Answer answer) {
    try {
      return Json.object(answer.body());
    } catch (MalformedJsonException e) {
      return JsonObject.EMPTY;
    }
  }

  private static String cut(String text) {
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + " …" : text;
  }
}
