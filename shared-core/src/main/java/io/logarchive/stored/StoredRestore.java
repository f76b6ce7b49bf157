package io.logarchive.stored;

import io.logarchive.account.Uid;
import io.logarchive.restore.Damage;
import io.logarchive.restore.PlanSummary;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreStatus;
import io.logarchive.restore.TimeRange;
import io.logarchive.restore.Totals;

/** A restore as it is stored. */
public final class StoredRestore {
  private static final String VERSION = "version";

  private StoredRestore() {}

  public static Stored of(Restore restore) {
    return Stored.empty()
        .number("id", restore.id())
        .text("uid", restore.uid().value())
        .number("accountId", restore.accountId())
        .map("request", restore.request(), StoredRestore::of)
        .text("status", restore.status().name())
        .time("createdAt", restore.createdAt())
        .time("startedAt", restore.startedAt())
        .time("finishedAt", restore.finishedAt())
        .time("expiresAt", restore.expiresAt())
        .time("coveredUntil", restore.coveredUntil())
        .map("plan", restore.plan(), StoredRestore::of)
        .map("totals", restore.totals(), StoredRestore::of)
        .map(
            "failure",
            restore.failure(),
            failure ->
                Stored.empty().text("code", failure.code()).text("message", failure.message()))
        .number("capBytes", restore.capBytes())
        .number("attempt", restore.attempt())
        .number(VERSION, restore.version());
  }

  public static Restore read(Stored item) {
    return new Restore(
        item.integer("id"),
        new Uid(item.text("uid")),
        item.integer("accountId"),
        item.map("request", StoredRestore::request),
        RestoreStatus.valueOf(item.text("status")),
        item.time("createdAt"),
        item.optionalTime("startedAt"),
        item.optionalTime("finishedAt"),
        item.optionalTime("expiresAt"),
        item.optionalTime("coveredUntil"),
        item.optionalMap("plan", StoredRestore::plan),
        item.optionalMap("totals", StoredRestore::totals),
        item.optionalMap(
            "failure",
            failure -> new Restore.Failure(failure.text("code"), failure.text("message"))),
        item.number("capBytes"),
        item.integer("attempt"),
        item.number(VERSION));
  }

  static Stored of(Totals totals) {
    return Stored.empty()
        .number("slicesDone", totals.slicesDone())
        .number("objectsDone", totals.objectsDone())
        .number("bytesDone", totals.bytesDone())
        .number("logsScanned", totals.logsScanned())
        .number("logsRestored", totals.logsRestored())
        .number("bytesRestored", totals.bytesRestored())
        .number("logsConflicting", totals.logsConflicting())
        .list(
            "damaged",
            totals.damaged(),
            damage ->
                Stored.empty()
                    .text("object", damage.object())
                    .number("offset", damage.offset())
                    .text("reason", damage.reason()))
        .number("damages", totals.damages());
  }

  static Totals totals(Stored item) {
    return new Totals(
        item.integer("slicesDone"),
        item.number("objectsDone"),
        item.number("bytesDone"),
        item.number("logsScanned"),
        item.number("logsRestored"),
        item.number("bytesRestored"),
        item.number("logsConflicting"),
        item.list(
            "damaged",
            damage ->
                new Damage(damage.text("object"), damage.number("offset"), damage.text("reason"))),
        item.number("damages"));
  }

  private static Stored of(Restore.Request request) {
    return Stored.empty()
        .text("accountName", request.accountName())
        .text("username", request.username())
        .time("rangeStart", request.range().start())
        .time("rangeEnd", request.range().end())
        .text("startTime", request.startTime())
        .text("endTime", request.endTime())
        .number("expiresInDays", request.expiresInDays())
        .text("idempotencyKey", request.idempotencyKey());
  }

  private static Restore.Request request(Stored item) {
    return new Restore.Request(
        item.text("accountName"),
        item.optionalText("username"),
        new TimeRange(item.time("rangeStart"), item.time("rangeEnd")),
        item.text("startTime"),
        item.text("endTime"),
        item.integer("expiresInDays"),
        item.optionalText("idempotencyKey"));
  }

  private static Stored of(PlanSummary plan) {
    return Stored.empty()
        .text("id", plan.id())
        .number("slices", plan.slices())
        .number("objects", plan.objects())
        .number("storedBytes", plan.storedBytes())
        .number("lowerBytes", plan.lowerBytes())
        .number("upperBytes", plan.upperBytes())
        .number("skippedNames", plan.skippedNames());
  }

  private static PlanSummary plan(Stored item) {
    return new PlanSummary(
        item.text("id"),
        item.integer("slices"),
        item.number("objects"),
        item.number("storedBytes"),
        item.number("lowerBytes"),
        item.number("upperBytes"),
        item.number("skippedNames"));
  }
}
