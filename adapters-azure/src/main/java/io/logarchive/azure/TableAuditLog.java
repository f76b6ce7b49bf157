package io.logarchive.azure;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import io.logarchive.azure.TableRow.Found;
import io.logarchive.stored.StoredAuditEntry;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Audit entries in the deployment's table: each in the partition of what it tells of, as it is
 * written with that. So those of an account lie in two.
 */
public final class TableAuditLog implements AuditLog {
  private final AzureTable table;
  private final Duration kept;
  private final int pageSize;

  /**
   * Keeps them in this table.
   *
   * @param kept how long
   * @param pageSize how many a page holds at the most
   */
  public TableAuditLog(AzureTable table, Duration kept, int pageSize) {
    this.table = table;
    this.kept = kept;
    this.pageSize = pageSize;
  }

  /** Writes an entry of a change among accounts and settings. */
  AzureTable.Change inControl(AuditEntry entry) {
    return write(TableKeys.controlAudits(entry.accountId()), entry);
  }

  /** Writes an entry of a change among an account's restores. */
  AzureTable.Change amongRestores(AuditEntry entry) {
    return write(TableKeys.restoreAudits(entry.accountId()), entry);
  }

  private AzureTable.Change write(TableRow.Key audits, AuditEntry entry) {
    return new AzureTable.Put(
        new TableRow(
            TableKeys.audit(audits, entry), StoredAuditEntry.of(entry), entry.at().plus(kept)));
  }

  @Override
  public Page page(int accountId, @Nullable String before) {
    List<AuditEntry> found =
        Stream.of(TableKeys.controlAudits(accountId), TableKeys.restoreAudits(accountId))
            .flatMap(audits -> newest(audits, before).stream())
            .map(entity -> StoredAuditEntry.read(entity.values()))
            .sorted(Comparator.comparing(AuditEntry::id).reversed())
            .toList();
    List<AuditEntry> entries = found.stream().limit(pageSize).toList();
    return new Page(entries, found.size() <= pageSize ? null : entries.getLast().id());
  }

  private List<Found> newest(TableRow.Key audits, @Nullable String before) {
    String above = audits.row() + (before == null ? "" : TableKeys.reversed(before));
    return table.query(audits.partition(), above, audits.row() + TableKeys.END, pageSize + 1);
  }
}
