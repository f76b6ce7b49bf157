package io.logarchive.restore;

import io.logarchive.account.Uid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes restored accounts whose time is over, and those that no restore knows any more. Runs
 * every few minutes.
 */
public final class ExpireRestores {
  private static final Logger LOG = LoggerFactory.getLogger(ExpireRestores.class);

  /** The list of live restores may be seconds behind; an account this old is surely in it. */
  private static final Duration ORPHAN_AGE = Duration.ofHours(1);

  private final RestoreStore store;
  private final RestoredAccounts accounts;
  private final RestoreEnd end;
  private final InstantSource clock;

  public ExpireRestores(
      RestoreStore store, RestoredAccounts accounts, RestoreEnd end, InstantSource clock) {
    this.store = store;
    this.accounts = accounts;
    this.end = end;
    this.clock = clock;
  }

  /** Fails at the end if there was an account that could not be removed. */
  public void run() {
    Instant now = clock.instant();
    Alone alone = new Alone("expiry failed");
    Set<Uid> live = new HashSet<>();
    for (Restore restore : LiveRestores.of(store)) {
      live.add(restore.uid());
      if (restore.dueAt(now)) {
        alone.run("restoreId", restore.id(), () -> expire(restore.id(), now));
      }
    }
    accounts
        .list()
        .forEach(
            (uid, made) -> {
              if (!live.contains(uid) && made.plus(ORPHAN_AGE).isBefore(now)) {
                alone.run("restoreUid", uid, () -> removeOrphan(uid));
              }
            });
    alone.end();
  }

  private void expire(int restoreId, Instant now) {
    end.run(
        restoreId,
        restore -> {
          if (!restore.dueAt(now)) {
            return restore;
          }
          LOG.atInfo().addKeyValue("restoreId", restoreId).log("restore expires");
          return restore.expired();
        });
  }

  private void removeOrphan(Uid uid) {
    accounts.delete(uid);
    LOG.atWarn().addKeyValue("restoreUid", uid).log("removed an account without a restore");
  }
}
