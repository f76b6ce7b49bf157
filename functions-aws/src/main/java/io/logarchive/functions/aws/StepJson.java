package io.logarchive.functions.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.logarchive.archive.S3Location;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.Totals;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What the steps of a restore take from the workflow and give back to it. */
final class StepJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private StepJson() {}

  /** What a step is called with; it asks for what it needs. */
  record Input(Fields fields) {
    static Input read(InputStream json) throws IOException {
      return new Input(Fields.of(Json.object(json.readAllBytes())));
    }

    int restoreId() {
      return whole("restoreId");
    }

    int slice() {
      return whole("slice");
    }

    /** What the workflow caught: {@code {"Error": class name, "Cause": Lambda's report}}. */
    Restore.Failure failure() {
      Fields error = fields.requiredObject("error");
      return Restore.Failure.ofException(
          error.requiredText("Error"), errorMessage(error.text("Cause").orElse("")));
    }

    private int whole(String name) {
      return fields
          .integer(name, 0, Integer.MAX_VALUE)
          .orElseThrow(() -> new InvalidFieldException(name, "is required"));
    }
  }

  /**
   * The member {@code errorMessage} of Lambda's report. A workflow cuts long reports off, so what
   * comes behind it does not matter.
   */
  private static String errorMessage(String report) {
    try (JsonParser json = FACTORY.createParser(report)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          boolean found = json.currentName().equals("errorMessage");
          if (json.nextToken() == JsonToken.VALUE_STRING && found) {
            return json.getText();
          }
          json.skipChildren();
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Tells also where the list of slices lies, which may be longer than what a workflow hands on.
   *
   * @param plans where restores keep their plans
   */
  static JsonObject output(PlanRestore.Outcome outcome, S3Location plans) {
    return switch (outcome) {
      case PlanRestore.Outcome.Planned planned ->
          JsonObject.builder()
              .put("outcome", "PLANNED")
              .put("slices", planned.slices())
              .put("countFirst", planned.countFirst())
              .put(
                  "items",
                  JsonObject.builder()
                      .put("bucket", plans.bucket())
                      .put("key", plans.prefix() + "/" + planned.items())
                      .build())
              .build();
      case PlanRestore.Outcome.Ended ended -> ended();
    };
  }

  static JsonObject output(RestoreSlice.Outcome outcome) {
    return outcome(outcome.name());
  }

  /** How a restore ended, for whoever is told of it. */
  static JsonObject end(Optional<Restore> restore) {
    return restore.map(StepJson::end).orElseGet(StepJson::ended);
  }

  private static JsonObject end(Restore restore) {
    Totals totals = restore.totals();
    return JsonObject.builder()
        .put("outcome", "DONE")
        .put("accountId", restore.accountId())
        .put("status", restore.status().name())
        .put("logsRestored", totals == null ? 0 : totals.logsRestored())
        .build();
  }

  static JsonObject done() {
    return outcome("DONE");
  }

  static JsonObject ended() {
    return outcome("ENDED");
  }

  private static JsonObject outcome(String outcome) {
    return JsonObject.builder().put("outcome", outcome).build();
  }
}
