package io.logarchive.aws;

import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.BucketClaim;
import io.logarchive.archive.EarlierLocation;
import io.logarchive.audit.AuditEntry;
import io.logarchive.format.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Archive settings and bucket claims in the deployment's table. */
public final class DynamoDbArchiveSettingsStore implements ArchiveSettingsStore {
  private final DynamoDbTable table;
  private final DynamoDbAuditLog audit;

  public DynamoDbArchiveSettingsStore(DynamoDbTable table, DynamoDbAuditLog audit) {
    this.table = table;
    this.audit = audit;
  }

  @Override
  public Optional<ArchiveSettings> find(int accountId) {
    return table.find(Keys.settings(accountId)).map(DynamoDbArchiveSettingsStore::settings);
  }

  @Override
  public Optional<BucketClaim> findClaim(String key) {
    return table.find(Keys.claim(key)).map(DynamoDbArchiveSettingsStore::claim);
  }

  @Override
  public Saved save(ArchiveSettings settings, List<BucketClaim> claims, AuditEntry entry) {
    List<DynamoDbTable.Write> writes = new ArrayList<>();
    writes.add(DynamoDbTable.Write.version(item(settings), settings.version()));
    claims.forEach(claim -> writes.add(DynamoDbTable.Write.version(item(claim), claim.version())));
    if (settings.version() == 1) {
      writes.add(DynamoDbTable.Write.first(Keys.id(settings.id()).item().text("kind", "settings")));
    }
    int idWrite = writes.size() - 1;
    writes.add(audit.write(entry));
    List<Integer> failed = table.changeAll(writes);
    if (failed.isEmpty()) {
      return Saved.YES;
    }
    return settings.version() == 1 && failed.equals(List.of(idWrite))
        ? Saved.ID_TAKEN
        : Saved.CHANGED;
  }

  @Override
  public boolean remove(ArchiveSettings settings, List<BucketClaim> claims, AuditEntry entry) {
    List<DynamoDbTable.Change> changes = new ArrayList<>();
    changes.add(
        DynamoDbTable.Removal.version(Keys.settings(settings.accountId()), settings.version()));
    claims.forEach(claim -> changes.add(DynamoDbTable.Write.version(item(claim), claim.version())));
    changes.add(audit.write(entry));
    return table.changeAll(changes).isEmpty();
  }

  private static Attributes item(ArchiveSettings settings) {
    return Keys.settings(settings.accountId())
        .item()
        .number("id", settings.id())
        .number("accountId", settings.accountId())
        .text("accountUid", settings.accountUid().value())
        .map("storage", settings.storage(), StorageItem::of)
        .time("since", settings.since())
        .flag("enabled", settings.enabled())
        .text("compression", settings.compression().name())
        .text("suspension", settings.suspension())
        .list(
            "earlier",
            settings.earlier(),
            earlier ->
                StorageItem.of(earlier.storage())
                    .time("from", earlier.from())
                    .time("to", earlier.to()))
        .time("createdAt", settings.createdAt());
  }

  private static ArchiveSettings settings(Attributes item) {
    return new ArchiveSettings(
        item.integer("id"),
        item.integer("accountId"),
        new Uid(item.text("accountUid")),
        item.map("storage", StorageItem::read),
        item.time("since"),
        item.flag("enabled"),
        Compression.valueOf(item.text("compression")),
        item.optionalText("suspension"),
        item.list(
            "earlier",
            earlier ->
                new EarlierLocation(
                    StorageItem.read(earlier), earlier.time("from"), earlier.time("to"))),
        item.time("createdAt"),
        item.number(DynamoDbTable.VERSION));
  }

  private static Attributes item(BucketClaim claim) {
    return Keys.claim(claim.key())
        .item()
        .text("key", claim.key())
        .list(
            "holders",
            List.copyOf(claim.holders().entrySet()),
            holder ->
                Attributes.empty()
                    .text("prefix", holder.getKey())
                    .number("accountId", holder.getValue()));
  }

  private static BucketClaim claim(Attributes item) {
    Map<String, Integer> holders =
        item.list("holders", holder -> holder).stream()
            .collect(
                Collectors.toMap(
                    holder -> holder.text("prefix"), holder -> holder.integer("accountId")));
    return new BucketClaim(item.text("key"), holders, item.number(DynamoDbTable.VERSION));
  }
}
