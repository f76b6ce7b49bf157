package io.logarchive.azure;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.BucketClaim;
import io.logarchive.audit.AuditEntry;
import io.logarchive.azure.AzureTable.Change;
import io.logarchive.azure.AzureTable.DeleteIf;
import io.logarchive.azure.AzureTable.Insert;
import io.logarchive.azure.AzureTable.Replace;
import io.logarchive.stored.Stored;
import io.logarchive.stored.StoredClaim;
import io.logarchive.stored.StoredSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Archive settings and claims in the deployment's table. */
public final class TableArchiveSettingsStore implements ArchiveSettingsStore {
  private final AzureTable table;
  private final TableAuditLog audit;

  public TableArchiveSettingsStore(AzureTable table, TableAuditLog audit) {
    this.table = table;
    this.audit = audit;
  }

  /** One of version 0 is what the removal of an account leaves. */
  @Override
  public Optional<ArchiveSettings> find(int accountId) {
    return table
        .find(TableKeys.settings(accountId))
        .filter(found -> found.version() > 0)
        .map(found -> StoredSettings.read(found.values()));
  }

  @Override
  public Optional<BucketClaim> findClaim(String key) {
    return table.find(TableKeys.claim(key)).map(found -> StoredClaim.read(found.values()));
  }

  @Override
  public Saved save(ArchiveSettings settings, List<BucketClaim> claims, AuditEntry entry) {
    List<Change> changes = new ArrayList<>();
    changes.add(
        Replace.version(
            TableRow.of(TableKeys.settings(settings.accountId()), StoredSettings.of(settings)),
            settings.version()));
    claims.forEach(claim -> changes.add(version(claim)));
    if (settings.version() == 1) {
      changes.add(
          new Insert(
              TableRow.of(TableKeys.id(settings.id()), Stored.empty().text("kind", "settings"))));
    }
    int idClaim = changes.size() - 1;
    changes.add(audit.inControl(entry));
    List<Integer> failed = table.changeAll(changes);
    if (failed.isEmpty()) {
      return Saved.YES;
    }
    return settings.version() == 1 && failed.equals(List.of(idClaim))
        ? Saved.ID_TAKEN
        : Saved.CHANGED;
  }

  @Override
  public boolean remove(ArchiveSettings settings, List<BucketClaim> claims, AuditEntry entry) {
    List<Change> changes = new ArrayList<>();
    changes.add(DeleteIf.version(TableKeys.settings(settings.accountId()), settings.version()));
    claims.forEach(claim -> changes.add(version(claim)));
    changes.add(audit.inControl(entry));
    return table.changeAll(changes).isEmpty();
  }

  private static Change version(BucketClaim claim) {
    return Change.version(
        TableRow.of(TableKeys.claim(claim.key()), StoredClaim.of(claim)), claim.version());
  }
}
