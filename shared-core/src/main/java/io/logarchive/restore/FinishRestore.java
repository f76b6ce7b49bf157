package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import io.logarchive.metrics.Metrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last step of a restore that worked: makes everything searchable and counts it. */
public final class FinishRestore {
  private static final Logger LOG = LoggerFactory.getLogger(FinishRestore.class);

  private final RestoreStore store;
  private final RestoredAccounts accounts;
  private final Metrics metrics;
  private final InstantSource clock;

  public FinishRestore(
      RestoreStore store, RestoredAccounts accounts, Metrics metrics, InstantSource clock) {
    this.store = store;
    this.accounts = accounts;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Does nothing if the restore has ended, also meanwhile.
   *
   * @return the restore as it is now
   */
  public Optional<Restore> run(int restoreId) {
    try {
      finish(restoreId);
    } catch (ServiceException.NotFound e) {
      if (store.findInProgress(restoreId).isPresent()) {
        throw e;
      }
    }
    return store.find(restoreId);
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
      Totals written = Totals.sum(slices);
      Totals done = written.withLogsRestored(accounts.refresh(restore.uid()));
      if (done.logsRestored() != written.logsRestored()) {
        LOG.atWarn()
            .addKeyValue("restoreId", restoreId)
            .addKeyValue("written", written.logsRestored())
            .addKeyValue("searchable", done.logsRestored())
            .log("the restored account does not hold what was written, or equal logs were one");
      }
      Restore finished = restore.finished(done, clock.instant());
      if (store.update(finished)) {
        RestoreEnd.count(finished, metrics);
        return;
      }
    }
  }
}
