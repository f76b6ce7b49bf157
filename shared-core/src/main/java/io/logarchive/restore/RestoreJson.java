package io.logarchive.restore;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;

/** A restore as the API shows it. */
final class RestoreJson {
  private RestoreJson() {}

  static JsonObject operation(Restore restore, Totals totals) {
    Restore.Request request = restore.request();
    Restore.Failure failure = restore.failure();
    return JsonObject.builder()
        .put("id", restore.id())
        .put("accountId", restore.id())
        .put("accountName", request.accountName())
        .put("username", request.username())
        .put(
            "restoredVolumeGb",
            new JsonValue.Num(BigDecimal.valueOf(totals.bytesRestored(), 9).toPlainString()))
        .put("status", restore.status().name())
        .put("startTime", new JsonValue.Num(request.startTime()))
        .put("endTime", new JsonValue.Num(request.endTime()))
        .put("createdAt", restore.createdAt())
        .put("startedAt", restore.startedAt())
        .put("finishedAt", restore.finishedAt())
        .put("expiresAt", restore.expiresAt())
        .putNull("powerSearch")
        .put("filters", List.of())
        .put("coveredUntil", restore.coveredUntil())
        .put("progress", progress(restore, totals))
        .put(
            "failure",
            failure == null
                ? new JsonValue.Null()
                : JsonObject.builder()
                    .put("code", failure.code())
                    .put("message", failure.message())
                    .build())
        .build();
  }

  /** What was asked for, and the state that it is in. */
  static JsonObject audited(Restore restore) {
    Restore.Request request = restore.request();
    return JsonObject.builder()
        .put("accountName", request.accountName())
        .put("username", request.username())
        .put("startTime", new JsonValue.Num(request.startTime()))
        .put("endTime", new JsonValue.Num(request.endTime()))
        .put("expiresInDays", request.expiresInDays())
        .put("status", restore.status().name())
        .build();
  }

  private static JsonObject progress(Restore restore, Totals totals) {
    PlanSummary plan = restore.plan();
    return JsonObject.builder()
        .put("phase", phase(restore, totals))
        .put("slicesTotal", plan == null ? 0 : plan.slices())
        .put("slicesDone", totals.slicesDone())
        .put("objectsTotal", plan == null ? 0 : plan.objects())
        .put("objectsDone", totals.objectsDone())
        .put("bytesTotal", plan == null ? 0 : plan.upperBytes())
        .put("bytesDone", totals.bytesDone())
        .put("logsScanned", totals.logsScanned())
        .put("logsRestored", totals.logsRestored())
        .put("logsConflicting", totals.logsConflicting())
        .put("skippedNames", plan == null ? 0 : plan.skippedNames())
        .put("damages", totals.damages())
        .put("damaged", totals.damaged().stream().map(RestoreJson::damage).toList())
        .build();
  }

  private static String phase(Restore restore, Totals totals) {
    if (!restore.inProgress()) {
      return "ENDED";
    }
    PlanSummary plan = restore.plan();
    if (plan == null) {
      return "PLANNING";
    }
    boolean counting =
        plan.upperBytes() > restore.capBytes()
            && restore.coveredUntil() == null
            && totals.bytesDone() == 0;
    return counting ? "COUNTING" : "RESTORING";
  }

  private static JsonObject damage(Damage damage) {
    return JsonObject.builder()
        .put("object", damage.object())
        .put("offset", damage.offset())
        .put("reason", damage.reason())
        .build();
  }
}
