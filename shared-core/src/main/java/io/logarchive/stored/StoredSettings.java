package io.logarchive.stored;

import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.EarlierLocation;
import io.logarchive.format.Compression;

/** Archive settings as they are stored, with their secrets sealed. */
public final class StoredSettings {
  private StoredSettings() {}

  public static Stored of(ArchiveSettings settings) {
    return Stored.empty()
        .number("id", settings.id())
        .number("accountId", settings.accountId())
        .text("accountUid", settings.accountUid().value())
        .map("storage", settings.storage(), StoredStorage::of)
        .time("since", settings.since())
        .flag("enabled", settings.enabled())
        .text("compression", settings.compression().name())
        .text("suspension", settings.suspension())
        .list(
            "earlier",
            settings.earlier(),
            earlier ->
                StoredStorage.of(earlier.storage())
                    .time("from", earlier.from())
                    .time("to", earlier.to()))
        .time("createdAt", settings.createdAt())
        .number("version", settings.version());
  }

  public static ArchiveSettings read(Stored stored) {
    return new ArchiveSettings(
        stored.integer("id"),
        stored.integer("accountId"),
        new Uid(stored.text("accountUid")),
        stored.map("storage", StoredStorage::read),
        stored.time("since"),
        stored.flag("enabled"),
        Compression.valueOf(stored.text("compression")),
        stored.optionalText("suspension"),
        stored.list(
            "earlier",
            earlier ->
                new EarlierLocation(
                    StoredStorage.read(earlier), earlier.time("from"), earlier.time("to"))),
        stored.time("createdAt"),
        stored.number("version"));
  }
}
