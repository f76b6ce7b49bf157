package io.logarchive.restore;

import io.logarchive.account.Uid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
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

  public void run() {
    Instant now = clock.instant();
    Map<Uid, Instant> present = accounts.list();
    Set<Uid> live = new HashSet<>();
    for (Restore restore : LiveRestores.of(store)) {
      live.add(restore.uid());
      if (restore.dueAt(now)) {
        end.run(restore.id(), current -> current.dueAt(now) ? current.expired() : current);
        LOG.atInfo().addKeyValue("restoreId", restore.id()).log("restore expired");
      }
    }
    present.forEach(
        (uid, made) -> {
          if (!live.contains(uid) && made.plus(ORPHAN_AGE).isBefore(now)) {
            accounts.delete(uid);
            LOG.atWarn().addKeyValue("restoreUid", uid).log("removed an account without a restore");
          }
        });
  }
}
