package io.logarchive.local;

import io.logarchive.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What goes back over the wire. */
record Reply(int status, Map<String, List<String>> headers, byte[] body) {

  /** A failure of the server itself, in the form that the service's own refusals have. */
  static Reply error(int status, String errorCode, String message, String requestId) {
    JsonObject body =
        JsonObject.builder()
            .put("errorCode", "archive/" + errorCode)
            .put("message", message)
            .put("requestId", requestId)
            .build();
    return new Reply(status, Map.of("Content-Type", List.of("application/json")), body.bytes());
  }

  @Override
  public String toString() {
    return status + " with " + body.length + " bytes";
  }
}
