package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import java.time.InstantSource;
import java.util.Optional;

/** Ends a restore that cannot go on. What it restored so far stays searchable until it expires. */
public final class FailRestore {
  private final RestoreStore store;
  private final RestoredAccounts accounts;
  private final RestoreEnd end;
  private final InstantSource clock;

  public FailRestore(
      RestoreStore store, RestoredAccounts accounts, RestoreEnd end, InstantSource clock) {
    this.store = store;
    this.accounts = accounts;
    this.end = end;
    this.clock = clock;
  }

  /**
   * Does nothing if the restore has ended.
   *
   * @return the restore as it is now
   */
  public Optional<Restore> run(int restoreId, Restore.Failure failure) {
    return end.run(
        restoreId,
        restore ->
            restore.inProgress()
                ? restore.failed(failure, done(restore), clock.instant())
                : restore);
  }

  private Totals done(Restore restore) {
    Totals saved = Totals.sum(store.progress(restore.uid()));
    try {
      return saved.withLogsRestored(accounts.refresh(restore.uid()));
    } catch (ServiceException.NotFound e) {
      return saved.withLogsRestored(0); // It failed before there was an account.
    } catch (ServiceException e) {
      return saved; // The engine may be what failed; a restore has to end all the same.
    }
  }
}
