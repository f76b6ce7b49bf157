package io.logarchive.restore;

import io.logarchive.account.Caller;
import io.logarchive.audit.AuditEntry.Action;
import io.logarchive.audit.AuditTrail;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Aborts a restore in progress, or deletes its restored account. One that is gone already stays as
 * it is.
 */
public final class RemoveRestore {
  private final RestoreStore store;
  private final RestoreEnd end;
  private final AuditTrail trail;
  private final InstantSource clock;

  public RemoveRestore(RestoreStore store, RestoreEnd end, AuditTrail trail, InstantSource clock) {
    this.store = store;
    this.end = end;
    this.trail = trail;
    this.clock = clock;
  }

  /** The restore as it is then; empty if the caller has none with this id. */
  public Optional<Restore> run(Caller caller, int restoreId) {
    boolean own =
        store
            .find(restoreId)
            .filter(restore -> restore.accountId() == caller.accountId())
            .isPresent();
    return own
        ? end.run(
            restoreId,
            this::removed,
            (before, after) ->
                trail.entry(
                    caller.actor(),
                    after.accountId(),
                    Action.RESTORE_DELETE,
                    after.id(),
                    RestoreJson.audited(before),
                    RestoreJson.audited(after)))
        : Optional.empty();
  }

  private Restore removed(Restore restore) {
    return switch (restore.status()) {
      case IN_PROGRESS, ACTIVE, LIMIT_EXCEEDED, FAILED ->
          restore.removed(Totals.sum(store.progress(restore.uid())), clock.instant());
      case ABORTED, DELETED, EXPIRED -> restore;
    };
  }
}
