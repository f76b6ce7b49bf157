package io.logarchive.restore;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts what a slice holds of the range, by minute, without restoring it. Doing it again gives the
 * same.
 */
public final class CountSlice {
  private final RestoreStore store;
  private final RestoreSource source;
  private final RestorePlans plans;
  private final InstantSource clock;

  public CountSlice(
      RestoreStore store, RestoreSource source, RestorePlans plans, InstantSource clock) {
    this.store = store;
    this.source = source;
    this.plans = plans;
    this.clock = clock;
  }

  /** Does nothing if the restore has ended, and stops when it ends meanwhile. */
  public void run(int restoreId, int slice) {
    Optional<Restore> found = store.findInProgress(restoreId);
    if (found.isPresent()) {
      Restore restore = found.get();
      PlanSummary plan = restore.requiredPlan();
      count(restore, plan, slice)
          .ifPresent(counts -> plans.writeCounts(restore.uid(), plan, slice, counts));
    }
  }

  private Optional<RestorePlans.Counts> count(Restore restore, PlanSummary plan, int slice) {
    Map<Long, Long> bytesByMinute = new TreeMap<>();
    EndWatch watch = new EndWatch(store, restore.id(), clock);
    try (SliceScan scan =
        new SliceScan(
            source.open(restore.accountId()),
            plans.slice(restore.uid(), plan, slice),
            restore.request().range(),
            SliceProgress.none(slice))) {
      SliceScan.Step step = scan.next();
      while (step != SliceScan.Step.SLICE_END) {
        if (step == SliceScan.Step.LOG) {
          bytesByMinute.merge(scan.time() / CutRestore.MINUTE, (long) scan.rawBytes(), Long::sum);
        }
        if (watch.ended()) {
          return Optional.empty();
        }
        step = scan.next();
      }
    }
    return Optional.of(new RestorePlans.Counts(bytesByMinute));
  }
}
