package io.logarchive.restore;

import io.logarchive.audit.AuditEntry;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes restores out of what they are in, and frees their slots where they hold one no longer. */
public final class RestoreEnd {
  /** The audit entry of a change that frees the slot; null if nobody asked for it. */
  @FunctionalInterface
  interface Audit {
    @Nullable AuditEntry entry(Restore before, Restore after);
  }

  private final RestoreStore store;
  private final RestoredAccounts accounts;
  private final Metrics metrics;

  public RestoreEnd(RestoreStore store, RestoredAccounts accounts, Metrics metrics) {
    this.store = store;
    this.accounts = accounts;
    this.metrics = metrics;
  }

  /**
   * Changes the restore, then removes the restored account if there is nothing to search any more:
   * first the state, so that whoever still writes sees it.
   *
   * @param change given the restore as it is; gives it back unchanged to leave it
   * @return the restore as it is now
   */
  Optional<Restore> run(int restoreId, UnaryOperator<Restore> change) {
    return run(restoreId, change, (before, after) -> null);
  }

  /** The same, with the audit entry of whoever asked for it. */
  Optional<Restore> run(int restoreId, UnaryOperator<Restore> change, Audit audit) {
    Optional<Restore> next = change(restoreId, change, audit);
    next.filter(restore -> !restore.searchable())
        .ifPresent(restore -> accounts.delete(restore.uid()));
    return next;
  }

  /** The same, but what is left of the restored account is for the caller to remove. */
  Optional<Restore> change(int restoreId, UnaryOperator<Restore> change) {
    return change(restoreId, change, (before, after) -> null);
  }

  private Optional<Restore> change(int restoreId, UnaryOperator<Restore> change, Audit audit) {
    while (true) {
      Optional<Restore> found = store.find(restoreId);
      if (found.isEmpty()) {
        return found;
      }
      Restore next = change.apply(found.get());
      if (next.equals(found.get()) || write(next, audit.entry(found.get(), next))) {
        if (found.get().inProgress() && !next.inProgress()) {
          count(next, metrics);
        }
        return Optional.of(next);
      }
    }
  }

  /** Counts a restore whose end was just written. */
  static void count(Restore ended, Metrics metrics) {
    Instant finished = Objects.requireNonNull(ended.finishedAt(), "what ended has a time of it");
    metrics.add(Metric.RESTORES_ENDED, ended.status().name(), 1);
    metrics.add(Metric.RESTORE_TIME, Duration.between(ended.createdAt(), finished).toSeconds());
  }

  private boolean write(Restore next, @Nullable AuditEntry entry) {
    if (next.holdsSlot()) {
      return store.update(next);
    }
    RestoreSlots slots = store.slots(next.accountId());
    return store.update(next, slots.without(next.id()), entry);
  }
}
