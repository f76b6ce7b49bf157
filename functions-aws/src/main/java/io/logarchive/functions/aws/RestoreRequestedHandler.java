package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.functions.Invocations;
import io.logarchive.http.LogContext;
import io.logarchive.http.Refusal;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.restore.Restore;
import io.logarchive.restore.StartRequestedRestore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Starts a restore for an event {@code Restore Requested}, whose detail is what {@code POST
 * /archive/restore} takes, and {@code accountId}. The same event twice starts one restore.
 */
public final class RestoreRequestedHandler implements RequestStreamHandler {
  private final StartRequestedRestore startRestore;
  private final Invocations invocations;

  /** For Lambda, which makes one for each environment. */
  public RestoreRequestedHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public RestoreRequestedHandler(AwsWiring wiring) {
    this.startRestore = wiring.service().startRequestedRestore();
    this.invocations = wiring.invocations();
  }

  @Override
  public void handleRequest(InputStream event, OutputStream output, Context context)
      throws IOException {
    invocations.run(
        LambdaCalls.of(context),
        line -> {
          Fields fields = Fields.of(Json.object(event.readAllBytes()));
          Restore restore = start(fields.requiredObject("detail"), fields.requiredText("id"));
          LogContext.restore(restore.id());
          return line;
        });
  }

  private Restore start(Fields detail, String eventId) {
    int accountId =
        detail
            .integer("accountId", 1, Integer.MAX_VALUE)
            .orElseThrow(() -> new InvalidFieldException("accountId", "is required"));
    LogContext.account(accountId);
    try {
      return startRestore.run(accountId, new Actor.Event(eventId), detail, "event-" + eventId);
    } catch (Refusal e) {
      // Its message may quote what somebody sent, and Lambda logs the message of what is thrown.
      throw new IllegalArgumentException("The restore was refused: " + e.errorCode());
    }
  }
}
