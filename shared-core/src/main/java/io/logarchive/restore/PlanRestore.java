package io.logarchive.restore;

import java.time.InstantSource;
import java.util.Optional;

/**
 * The first step of a restore: lists what the range holds, cuts it into slices, and makes the
 * restored account.
 */
public final class PlanRestore {

  /** What the workflow does next. */
  public sealed interface Outcome {
    /**
     * Restore the slices.
     *
     * @param countFirst whether the range may hold more than the cap, so that every slice is
     *     counted first
     * @param items the key in the deployment's storage of the list of slices, for a workflow that
     *     reads it there
     */
    record Planned(int slices, boolean countFirst, String items) implements Outcome {}

    /** The restore has ended; there is nothing to do. */
    record Ended() implements Outcome {}
  }

  private final RestoreStore store;
  private final RestoreSource source;
  private final RestorePlans plans;
  private final RestoredAccounts accounts;
  private final FailRestore failRestore;
  private final InstantSource clock;
  private final SliceLimits limits;

  public PlanRestore(
      RestoreStore store,
      RestoreSource source,
      RestorePlans plans,
      RestoredAccounts accounts,
      FailRestore failRestore,
      InstantSource clock,
      SliceLimits limits) {
    this.store = store;
    this.source = source;
    this.plans = plans;
    this.accounts = accounts;
    this.failRestore = failRestore;
    this.clock = clock;
    this.limits = limits;
  }

  public Outcome run(int restoreId) {
    Optional<Restore> found = store.findInProgress(restoreId);
    if (found.isEmpty()) {
      return new Outcome.Ended();
    }
    Restore restore = found.get();
    Optional<PlanSummary> written = plans.find(restore.uid());
    if (written.isPresent()) {
      return begin(restore, written.get());
    }
    Plan plan = Plan.of(source.open(restore.accountId()), restore.request().range());
    if (plan.archived() > 0) {
      failRestore.run(
          restoreId,
          new Restore.Failure(
              "ARCHIVED_TIER",
              plan.archived()
                  + " objects of "
                  + plan.archivedBytes()
                  + " stored bytes lie in an archived storage class: bring them back to a readable one first"));
      return new Outcome.Ended();
    }
    return begin(restore, plans.write(restore, plan.slices(limits), plan));
  }

  private Outcome begin(Restore restore, PlanSummary plan) {
    accounts.create(restore.uid(), Math.min(plan.upperBytes(), restore.capBytes()));
    Restore current = restore;
    while (!store.update(current.planned(plan, clock.instant()))) {
      Optional<Restore> changed = store.findInProgress(restore.id());
      if (changed.isEmpty()) {
        // Aborted meanwhile, and the account above may have come after its removal.
        accounts.delete(restore.uid());
        return new Outcome.Ended();
      }
      current = changed.get();
    }
    return new Outcome.Planned(
        plan.slices(),
        plan.upperBytes() > restore.capBytes(),
        RestorePlans.itemsKey(restore.uid(), plan.id()));
  }
}
