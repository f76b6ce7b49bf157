package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a restore that cannot go on. What it restored so far stays searchable until it expires. */
public final class FailRestore {
  private static final Logger LOG = LoggerFactory.getLogger(FailRestore.class);

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
    Optional<Restore> ended =
        end.change(
            restoreId,
            restore ->
                restore.inProgress()
                    ? restore.failed(failure, done(restore), clock.instant())
                    : restore);
    if (ended.isEmpty() || ended.get().status() != RestoreStatus.FAILED) {
      return ended;
    }
    if (!ended.get().searchable()) {
      remove(ended.get());
      return ended;
    }
    return recount(restoreId, ended.get());
  }

  /**
   * Other slices went on writing until they saw the end: nothing more comes, then it is counted.
   */
  private Optional<Restore> recount(int restoreId, Restore ended) {
    try {
      accounts.close(ended.uid());
      long held = accounts.refresh(ended.uid());
      return end.change(
          restoreId,
          restore -> restore.status() == RestoreStatus.FAILED ? restore.recounted(held) : restore);
    } catch (ServiceException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("restoreId", restoreId)
          .log("a failed restore's logs could not be counted again");
      return Optional.of(ended);
    }
  }

  /** The engine may be what failed: then {@link ExpireRestores} removes the account later. */
  private void remove(Restore ended) {
    try {
      accounts.delete(ended.uid());
    } catch (ServiceException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("restoreId", ended.id())
          .log("the account of a failed restore stays until expiry removes it");
    }
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
