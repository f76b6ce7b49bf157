package io.logarchive.restore;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Decides, once every slice is counted, up to which minute the logs fit the cap. The same counts
 * give the same cut, and one that is decided stays.
 */
public final class CutRestore {
  static final long MINUTE = 60_000;

  private final RestoreStore store;
  private final RestorePlans plans;
  private final FailRestore failRestore;

  public CutRestore(RestoreStore store, RestorePlans plans, FailRestore failRestore) {
    this.store = store;
    this.plans = plans;
    this.failRestore = failRestore;
  }

  /** False if the restore has ended, also by this: not even its first minute fits. */
  public boolean run(int restoreId) {
    while (true) {
      Optional<Restore> found = store.findInProgress(restoreId);
      if (found.isEmpty()) {
        return false;
      }
      Restore restore = found.get();
      if (restore.coveredUntil() != null) {
        return true;
      }
      Optional<Instant> cut = cut(restore);
      if (cut.isEmpty()) {
        return true;
      }
      if (!cut.get().isAfter(restore.request().range().start())) {
        failRestore.run(
            restoreId,
            new Restore.Failure(
                "RANGE_OVER_CAP",
                "The range's first minute with logs alone holds more than "
                    + restore.capBytes()
                    + " bytes, which is all that may be restored: narrow the search"));
        return false;
      }
      if (store.update(restore.cutAt(cut.get()))) {
        return true;
      }
    }
  }

  /**
   * The end of the last minute that fits; the range's start if none does; empty if everything fits.
   */
  private Optional<Instant> cut(Restore restore) {
    RestorePlans.Counts counts = plans.counts(restore.uid(), restore.requiredPlan());
    long total = 0;
    boolean first = true;
    for (Map.Entry<Long, Long> minute : counts.bytesByMinute().entrySet()) {
      total += minute.getValue();
      if (total > restore.capBytes()) {
        return Optional.of(
            first
                ? restore.request().range().start()
                : Instant.ofEpochMilli(minute.getKey() * MINUTE));
      }
      first = false;
    }
    return Optional.empty();
  }
}
