package io.logarchive.functions.azure;

import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.http.LogContext;
import io.logarchive.http.Refusal;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.restore.StartRequestedRestore;
import java.nio.charset.StandardCharsets;

/** Events that ask for a restore. */
final class RestoreRequests {
  private RestoreRequests() {}

  /**
   * Starts the restore that an event asks for.
   *
   * @throws IllegalArgumentException if it may not be started now
   * @throws InvalidFieldException if it is not such an event
   */
  static void start(String message, StartRequestedRestore startRestore) {
    Fields event = Fields.of(Json.object(message.getBytes(StandardCharsets.UTF_8)));
    Fields data = event.requiredObject("data");
    String eventId = event.requiredText("id");
    int accountId =
        data.integer("accountId", 1, Integer.MAX_VALUE)
            .orElseThrow(() -> new InvalidFieldException("accountId", "is required"));
    LogContext.account(accountId);
    try {
      LogContext.restore(
          startRestore.run(accountId, new Actor.Event(eventId), data, "event-" + eventId).id());
    } catch (Refusal e) {
      // Its message may quote what somebody sent, and the host logs the message of what is thrown.
      throw new IllegalArgumentException("The restore was refused: " + e.errorCode());
    }
  }
}
