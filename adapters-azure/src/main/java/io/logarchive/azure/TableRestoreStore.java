package io.logarchive.azure;

import io.logarchive.account.Uid;
import io.logarchive.audit.AuditEntry;
import io.logarchive.azure.AzureTable.Change;
import io.logarchive.azure.AzureTable.Delete;
import io.logarchive.azure.AzureTable.Insert;
import io.logarchive.azure.AzureTable.Put;
import io.logarchive.azure.AzureTable.Replace;
import io.logarchive.azure.TableRow.Found;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.SliceProgress;
import io.logarchive.stored.Stored;
import io.logarchive.stored.StoredProgress;
import io.logarchive.stored.StoredRestore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Restores, slots and progress in the deployment's table. */
public final class TableRestoreStore implements RestoreStore {
  /** Longer than any restore lives: its progress is of no use then. */
  private static final Duration PROGRESS_KEPT = Duration.ofDays(30);

  /** Longer than any call of a function lives: a restore is never written later than this. */
  private static final Duration LONGEST_CREATION = Duration.ofMinutes(15);

  private static final String PARTITION = "restorePartition";
  private static final String ROW = "restoreRow";
  private static final String SINCE = "since";

  private final AzureTable table;
  private final TableAuditLog audit;
  private final int pageSize;
  private final InstantSource clock;

  /**
   * Keeps them in this table.
   *
   * @param pageSize how many restores a page of {@link #live} holds at the most
   */
  public TableRestoreStore(
      AzureTable table, TableAuditLog audit, int pageSize, InstantSource clock) {
    this.table = table;
    this.audit = audit;
    this.pageSize = pageSize;
    this.clock = clock;
  }

  @Override
  public RestoreSlots slots(int accountId) {
    return SlotsRow.read(accountId, table.find(TableKeys.slots(accountId)));
  }

  /**
   * The id is claimed, and the restore noted as one that may be live, before it is written: they
   * lie in other partitions. Where nothing comes of it, the claim stays, and {@link #live} removes
   * the note.
   */
  @Override
  public Created create(Restore restore, RestoreSlots slots, AuditEntry entry) {
    Instant now = clock.instant();
    if (!SlotsRow.admits(slots, table.find(TableKeys.slots(slots.accountId())), now)) {
      return Created.SLOTS_CHANGED;
    }
    TableRow.Key key = TableKeys.restore(restore);
    Stored reference = Stored.empty().text(PARTITION, key.partition()).text(ROW, key.row());
    if (!table.change(
        new Insert(
            TableRow.of(
                TableKeys.id(restore.id()),
                Stored.of(reference.json()).text("kind", "restore"))))) {
      return Created.ID_TAKEN;
    }
    table.change(new Put(TableRow.of(TableKeys.live(restore.id()), reference.time(SINCE, now))));
    return table
            .changeAll(
                List.of(
                    SlotsRow.start(slots, now),
                    Change.version(row(restore), restore.version()),
                    audit.amongRestores(entry)))
            .isEmpty()
        ? Created.YES
        : Created.SLOTS_CHANGED;
  }

  @Override
  public Optional<Restore> find(int restoreId) {
    return claim(restoreId).flatMap(claim -> restore(claim.values()));
  }

  @Override
  public boolean update(Restore restore) {
    return restore.version() > 1 && table.change(version(restore));
  }

  @Override
  public boolean update(Restore restore, RestoreSlots slots, @Nullable AuditEntry entry) {
    List<Change> changes = new ArrayList<>();
    changes.add(version(restore));
    changes.add(SlotsRow.end(slots));
    if (entry != null) {
      changes.add(audit.amongRestores(entry));
    }
    return restore.version() > 1 && table.changeAll(changes).isEmpty();
  }

  @Override
  public List<Restore> history(int accountId, @Nullable Integer before, int most) {
    String partition = TableKeys.accountPartition(accountId);
    String above = TableKeys.RESTORES;
    if (before != null) {
      Optional<Found> claim =
          claim(before).filter(found -> found.values().text(PARTITION).equals(partition));
      if (claim.isEmpty()) {
        return List.of();
      }
      above = claim.get().values().text(ROW);
    }
    return table.query(partition, above, TableKeys.RESTORES + TableKeys.END, most).stream()
        .map(found -> StoredRestore.read(found.values()))
        .toList();
  }

  @Override
  public Page live(@Nullable String pageToken) {
    List<Found> found =
        table.query(
            TableKeys.LIVE, pageToken == null ? "" : pageToken, TableKeys.END, pageSize + 1);
    List<Found> page = found.stream().limit(pageSize).toList();
    List<Restore> live = page.stream().flatMap(note -> live(note).stream()).toList();
    return new Page(live, found.size() > pageSize ? page.getLast().key().row() : null);
  }

  /** The restore as it is; the note of one that is no longer live, or never was, goes. */
  private Optional<Restore> live(Found note) {
    Optional<Restore> restore = restore(note.values());
    boolean mayCome =
        restore.isEmpty()
            && clock.instant().isBefore(note.values().time(SINCE).plus(LONGEST_CREATION));
    Optional<Restore> live = restore.filter(Restore::holdsSlot);
    if (live.isEmpty() && !mayCome) {
      // Somebody else may have done it.
      table.changeAll(List.of(new Delete(note.key())));
    }
    return live;
  }

  @Override
  public void saveProgress(Uid restoreUid, SliceProgress progress) {
    String reached = StoredProgress.reached(progress);
    TableRow row =
        new TableRow(
            TableKeys.slice(restoreUid, progress.slice()),
            StoredProgress.of(progress),
            clock.instant().plus(PROGRESS_KEPT));
    // One that is further stays.
    table.changeAll(
        List.of(
            new Replace(
                row.key(),
                found ->
                    found
                            .map(before -> StoredProgress.reached(progress(before)))
                            .filter(before -> before.compareTo(reached) > 0)
                            .isPresent()
                        ? Optional.empty()
                        : Optional.of(row))));
  }

  @Override
  public Optional<SliceProgress> progress(Uid restoreUid, int slice) {
    return table.find(TableKeys.slice(restoreUid, slice)).map(TableRestoreStore::progress);
  }

  @Override
  public List<SliceProgress> progress(Uid restoreUid) {
    return table
        .query(
            TableKeys.progress(restoreUid),
            TableKeys.SLICES,
            TableKeys.SLICES + TableKeys.END,
            Integer.MAX_VALUE)
        .stream()
        .map(TableRestoreStore::progress)
        .toList();
  }

  private Optional<Found> claim(int restoreId) {
    return table
        .find(TableKeys.id(restoreId))
        .filter(claim -> claim.values().text("kind").equals("restore"));
  }

  private Optional<Restore> restore(Stored reference) {
    return table
        .find(new TableRow.Key(reference.text(PARTITION), reference.text(ROW)))
        .map(found -> StoredRestore.read(found.values()));
  }

  private static Change version(Restore restore) {
    return Change.version(row(restore), restore.version());
  }

  private static TableRow row(Restore restore) {
    return TableRow.of(TableKeys.restore(restore), StoredRestore.of(restore));
  }

  private static SliceProgress progress(Found found) {
    return StoredProgress.read(found.values());
  }
}
