package io.logarchive.aws;

import io.logarchive.account.Uid;
import io.logarchive.restore.Damage;
import io.logarchive.restore.PlanSummary;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreStatus;
import io.logarchive.restore.TimeRange;
import io.logarchive.restore.Totals;

/** A restore as an item. */
final class RestoreItem {
  private static final int LIVE_SHARDS = 8;

  private RestoreItem() {}

  /** Without its version. One that holds a slot is in the index of live restores. */
  static Attributes of(Restore restore) {
    return Keys.restore(restore)
        .item()
        .text(DynamoDbTable.LIVE, restore.holdsSlot() ? shard(restore.id() % LIVE_SHARDS) : null)
        .number("id", restore.id())
        .text("uid", restore.uid().value())
        .number("accountId", restore.accountId())
        .map("request", restore.request(), RestoreItem::of)
        .text("status", restore.status().name())
        .time("createdAt", restore.createdAt())
        .time("startedAt", restore.startedAt())
        .time("finishedAt", restore.finishedAt())
        .time("expiresAt", restore.expiresAt())
        .time("coveredUntil", restore.coveredUntil())
        .map("plan", restore.plan(), RestoreItem::of)
        .map("totals", restore.totals(), RestoreItem::of)
        .map(
            "failure",
            restore.failure(),
            failure ->
                Attributes.empty().text("code", failure.code()).text("message", failure.message()))
        .number("capBytes", restore.capBytes())
        .number("attempt", restore.attempt());
  }

  static Restore restore(Attributes item) {
    return new Restore(
        item.integer("id"),
        new Uid(item.text("uid")),
        item.integer("accountId"),
        item.map("request", RestoreItem::request),
        RestoreStatus.valueOf(item.text("status")),
        item.time("createdAt"),
        item.optionalTime("startedAt"),
        item.optionalTime("finishedAt"),
        item.optionalTime("expiresAt"),
        item.optionalTime("coveredUntil"),
        item.optionalMap("plan", RestoreItem::plan),
        item.optionalMap("totals", RestoreItem::totals),
        item.optionalMap(
            "failure",
            failure -> new Restore.Failure(failure.text("code"), failure.text("message"))),
        item.number("capBytes"),
        item.integer("attempt"),
        item.number(DynamoDbTable.VERSION));
  }

  static String shard(int number) {
    return "LIVE#" + number;
  }

  /** The first of the index's partitions, and the one behind each, until there is none. */
  static int shards() {
    return LIVE_SHARDS;
  }

  static Attributes of(Totals totals) {
    return Attributes.empty()
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
                Attributes.empty()
                    .text("object", damage.object())
                    .number("offset", damage.offset())
                    .text("reason", damage.reason()))
        .number("damages", totals.damages());
  }

  static Totals totals(Attributes item) {
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

  private static Attributes of(Restore.Request request) {
    return Attributes.empty()
        .text("accountName", request.accountName())
        .text("username", request.username())
        .time("rangeStart", request.range().start())
        .time("rangeEnd", request.range().end())
        .text("startTime", request.startTime())
        .text("endTime", request.endTime())
        .number("expiresInDays", request.expiresInDays())
        .text("idempotencyKey", request.idempotencyKey());
  }

  private static Restore.Request request(Attributes item) {
    return new Restore.Request(
        item.text("accountName"),
        item.optionalText("username"),
        new TimeRange(item.time("rangeStart"), item.time("rangeEnd")),
        item.text("startTime"),
        item.text("endTime"),
        item.integer("expiresInDays"),
        item.optionalText("idempotencyKey"));
  }

  private static Attributes of(PlanSummary plan) {
    return Attributes.empty()
        .text("id", plan.id())
        .number("slices", plan.slices())
        .number("objects", plan.objects())
        .number("storedBytes", plan.storedBytes())
        .number("lowerBytes", plan.lowerBytes())
        .number("upperBytes", plan.upperBytes())
        .number("skippedNames", plan.skippedNames());
  }

  private static PlanSummary plan(Attributes item) {
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
