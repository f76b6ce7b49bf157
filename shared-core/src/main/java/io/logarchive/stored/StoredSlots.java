package io.logarchive.stored;

import io.logarchive.restore.RestoreSlots;

/** An account's slots as they are stored. */
public final class StoredSlots {
  private StoredSlots() {}

  public static Stored of(RestoreSlots slots) {
    return Stored.empty()
        .number("accountId", slots.accountId())
        .list(
            "holders",
            slots.holders(),
            holder ->
                Stored.empty()
                    .number("restoreId", holder.restoreId())
                    .text("accountName", holder.accountName())
                    .text("idempotencyKey", holder.idempotencyKey()))
        .number("version", slots.version());
  }

  public static RestoreSlots read(Stored stored) {
    return new RestoreSlots(
        stored.integer("accountId"),
        stored.list(
            "holders",
            holder ->
                new RestoreSlots.Holder(
                    holder.integer("restoreId"),
                    holder.text("accountName"),
                    holder.optionalText("idempotencyKey"))),
        stored.number("version"));
  }
}
