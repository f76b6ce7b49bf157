package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The last step of a restore that worked: makes everything searchable and counts it. */
public final class FinishRestore {
  private final RestoreStore store;
  private final RestoredAccounts accounts;
  private final InstantSource clock;

  public FinishRestore(RestoreStore store, RestoredAccounts accounts, InstantSource clock) {
    this.store = store;
    this.accounts = accounts;
    this.clock = clock;
  }

  /** Does nothing if the restore has ended, also meanwhile. */
  public void run(int restoreId) {
    try {
      finish(restoreId);
    } catch (ServiceException.NotFound e) {
      if (store.findInProgress(restoreId).isPresent()) {
        throw e;
      }
    }
  }

  private void finish(int restoreId) {
    while (true) {
      Optional<Restore> found = store.findInProgress(restoreId);
      if (found.isEmpty()) {
        return;
      }
      Restore restore = found.get();
      List<SliceProgress> slices = store.progress(restore.uid());
      int planned = restore.requiredPlan().slices();
      if (slices.size() != planned || !slices.stream().allMatch(SliceProgress::done)) {
        throw new IllegalStateException(
            "Restore " + restoreId + " is not done with all of its " + planned + " slices");
      }
      Totals done = Totals.sum(slices).withLogsRestored(accounts.refresh(restore.uid()));
      if (store.update(restore.finished(done, clock.instant()))) {
        return;
      }
    }
  }
}
