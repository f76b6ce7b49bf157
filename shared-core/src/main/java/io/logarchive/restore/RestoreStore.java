package io.logarchive.restore;

import io.logarchive.account.Uid;
import io.logarchive.audit.AuditEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps restores, the slots they hold, and how far their slices have come. Reads see every write
 * that was answered before them, except {@link #live}. Safe for concurrent use; failures are {@link
 * io.logarchive.fault.ServiceException}s. A write whose version is not the one just behind the
 * stored one changes nothing.
 */
public interface RestoreStore {

  /** What came of adding a restore. */
  enum Created {
    YES,
    /** The slots were written by somebody else since they were read; nothing is stored. */
    SLOTS_CHANGED,
    /** The id belongs to something else in the deployment; nothing is stored. */
    ID_TAKEN
  }

  /**
   * Restores that hold a slot, in no order.
   *
   * @param next what asks for the page behind this one; null if this is the last
   */
  record Page(List<Restore> restores, @Nullable String next) {
    public Page {
      restores = List.copyOf(restores);
    }
  }

  /** The account's slots; empty ones of version 0 if none were ever taken. */
  RestoreSlots slots(int accountId);

  /** Adds a restore, its audit entry, and writes its account's slots, all or nothing. */
  Created create(Restore restore, RestoreSlots slots, AuditEntry entry);

  Optional<Restore> find(int restoreId);

  /** The restore, unless it has ended: what every step asks first. */
  default Optional<Restore> findInProgress(int restoreId) {
    return find(restoreId).filter(Restore::inProgress);
  }

  /**
   * Writes a changed restore.
   *
   * @return false if somebody else changed it since it was read
   */
  boolean update(Restore restore);

  /**
   * Writes a changed restore together with its account's slots, both or neither.
   *
   * @return false if somebody else changed either since it was read
   */
  default boolean update(Restore restore, RestoreSlots slots) {
    return update(restore, slots, null);
  }

  /**
   * The same with an audit entry, all or nothing.
   *
   * @param entry null if nobody asked for the change: it took its course
   */
  boolean update(Restore restore, RestoreSlots slots, @Nullable AuditEntry entry);

  /**
   * An account's restores, newest first.
   *
   * @param before only those older than this one; null for all. An id that is not the account's
   *     gives none
   */
  List<Restore> history(int accountId, @Nullable Integer before, int most);

  /**
   * A page of all restores in the deployment that hold a slot. May be seconds behind: only for work
   * that comes back.
   *
   * @param pageToken {@link Page#next()} of the page before, or null for the first
   */
  Page live(@Nullable String pageToken);

  /**
   * Saves how far a slice has come. One that is further already stays: two workers may be at the
   * same slice.
   *
   * @param restoreUid the restore's uid
   */
  void saveProgress(Uid restoreUid, SliceProgress progress);

  /** How far one slice has come, if anything was saved of it. */
  Optional<SliceProgress> progress(Uid restoreUid, int slice);

  /** How far every slice has come of which anything was saved, in order. */
  List<SliceProgress> progress(Uid restoreUid);
}
