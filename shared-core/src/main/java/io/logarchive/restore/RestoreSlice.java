package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores one slice: reads its objects, and writes the logs of the range into the restored
 * account. What was done is saved after every bulk, so that it goes on where it stopped, for
 * whatever reason; doing a part again adds nothing.
 */
public final class RestoreSlice {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreSlice.class);

  /** How long before its deadline it stops, so that a slow bulk still ends. */
  public static final Duration MARGIN = Duration.ofSeconds(60);

  /** How much goes to the restored account at once. */
  public record BulkLimits(int logs, int bytes) {
    public static final BulkLimits DEFAULT = new BulkLimits(10_000, 5 << 20);
  }

  /** What the workflow does next. */
  public enum Outcome {
    DONE,
    /** Out of time, or stopped by a failure that may pass after some of it was done: call again. */
    CONTINUE,
    /** The restore has ended; there is nothing to do. */
    ENDED
  }

  private final RestoreStore store;
  private final RestoreSource source;
  private final RestorePlans plans;
  private final RestoredAccounts accounts;
  private final Metrics metrics;
  private final InstantSource clock;
  private final BulkLimits bulkLimits;

  public RestoreSlice(
      RestoreStore store,
      RestoreSource source,
      RestorePlans plans,
      RestoredAccounts accounts,
      Metrics metrics,
      InstantSource clock,
      BulkLimits bulkLimits) {
    this.store = store;
    this.source = source;
    this.plans = plans;
    this.accounts = accounts;
    this.metrics = metrics;
    this.clock = clock;
    this.bulkLimits = bulkLimits;
  }

  /**
   * Restores as much of the slice as time allows.
   *
   * @param deadline when the caller ends, whatever this has come to
   */
  public Outcome run(int restoreId, int slice, Instant deadline) {
    Optional<Restore> found = store.findInProgress(restoreId);
    if (found.isEmpty()) {
      return Outcome.ENDED;
    }
    Restore restore = found.get();
    SliceProgress progress =
        store.progress(restore.uid(), slice).orElseGet(() -> SliceProgress.none(slice));
    if (progress.done()) {
      return Outcome.DONE;
    }
    Instant cut = restore.coveredUntil();
    TimeRange range =
        cut == null ? restore.request().range() : restore.request().range().until(cut);
    try (SliceScan scan =
        new SliceScan(
            source.open(restore.accountId()),
            plans.slice(restore.uid(), restore.requiredPlan(), slice),
            range,
            progress)) {
      Run run = new Run(restore, scan, progress, deadline.minus(MARGIN));
      try {
        return run.run();
      } catch (ServiceException.Unavailable | ServiceException.OutcomeUnknown e) {
        if (!run.cameFurther) {
          throw e;
        }
        LOG.atWarn()
            .setCause(e)
            .addKeyValue("restoreId", restoreId)
            .addKeyValue("slice", slice)
            .log("slice stopped, and goes on from what was saved");
        return Outcome.CONTINUE;
      }
    } catch (ServiceException.NotFound e) {
      if (store.findInProgress(restoreId).isEmpty()) {
        return Outcome.ENDED;
      }
      throw e;
    }
  }

  private final class Run {
    private final Restore restore;
    private final SliceScan scan;
    private final RestoreSink sink;
    private final Instant stopAt;
    private final int slice;
    private final List<RestoredLog> bulk = new ArrayList<>();
    private int bulkBytes;
    private long restored;
    private long bytesRestored;
    private long conflicting;
    private final EndWatch watch;
    private Totals saved;
    private boolean cameFurther;

    Run(Restore restore, SliceScan scan, SliceProgress from, Instant stopAt) {
      this.restore = restore;
      this.scan = scan;
      this.sink = accounts.sink(restore.uid());
      this.stopAt = stopAt;
      this.slice = from.slice();
      this.restored = from.totals().logsRestored();
      this.bytesRestored = from.totals().bytesRestored();
      this.conflicting = from.totals().logsConflicting();
      this.saved = from.totals();
      this.watch = new EndWatch(store, restore.id(), clock);
    }

    Outcome run() {
      while (true) {
        boolean full = false;
        switch (scan.next()) {
          case SLICE_END -> {
            write();
            return Outcome.DONE;
          }
          case LOG -> {
            bulk.add(scan.log());
            bulkBytes += scan.rawBytes();
            full = bulk.size() >= bulkLimits.logs() || bulkBytes >= bulkLimits.bytes();
          }
          case BLOCK_END -> {}
        }
        if (full) {
          write();
        }
        if (!clock.instant().isBefore(stopAt)) {
          write();
          return Outcome.CONTINUE;
        }
        if (watch.ended()) {
          return Outcome.ENDED;
        }
      }
    }

    /** Writes the logs collected, then saves that everything up to here is done. */
    private void write() {
      if (!bulk.isEmpty()) {
        conflicting += sink.write(bulk);
        restored += bulk.size();
        bytesRestored += bulkBytes;
        bulk.clear();
        bulkBytes = 0;
      }
      Totals done = scan.totals(restored, bytesRestored, conflicting);
      store.saveProgress(restore.uid(), new SliceProgress(slice, scan.position(), done));
      cameFurther = true;
      metrics.add(Metric.LOGS_SCANNED, done.logsScanned() - saved.logsScanned());
      metrics.add(Metric.LOGS_RESTORED, done.logsRestored() - saved.logsRestored());
      metrics.add(Metric.LOGS_CONFLICTING, done.logsConflicting() - saved.logsConflicting());
      metrics.add(Metric.DAMAGED_BLOCKS, done.damages() - saved.damages());
      saved = done;
    }
  }
}
