package io.logarchive.aws;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.BucketClaim;
import io.logarchive.audit.AuditEntry;
import io.logarchive.stored.StoredClaim;
import io.logarchive.stored.StoredSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    return Keys.settings(settings.accountId()).item().all(StoredSettings.of(settings));
  }

  private static ArchiveSettings settings(Attributes item) {
    return StoredSettings.read(item.stored());
  }

  private static Attributes item(BucketClaim claim) {
    return Keys.claim(claim.key()).item().all(StoredClaim.of(claim));
  }

  private static BucketClaim claim(Attributes item) {
    return StoredClaim.read(item.stored());
  }
}
