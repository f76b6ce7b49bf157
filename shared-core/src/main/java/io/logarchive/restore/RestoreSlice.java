package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Restores one slice: reads its objects, and writes the logs of the range into the restored
 * account. What was done is saved after every bulk, so that it goes on where it stopped, for
 * whatever reason; doing a part again adds nothing.
 */
public final class RestoreSlice {
  /** How long before its deadline it stops, so that a slow bulk still ends. */
  public static final Duration MARGIN = Duration.ofSeconds(60);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  /** How much goes to the restored account at once. */
  public record BulkLimits(int logs, int bytes) {
    public static final BulkLimits DEFAULT = new BulkLimits(10_000, 5 << 20);
  }

  /** What the workflow does next. */
  public enum Outcome {
    DONE,
    /** Out of time: call again. */
    CONTINUE,
    /** The restore has ended; there is nothing to do. */
    ENDED
  }

  private final RestoreStore store;
  private final RestoreSource source;
  private final RestorePlans plans;
  private final RestoredAccounts accounts;
  private final InstantSource clock;
  private final BulkLimits bulkLimits;

  public RestoreSlice(
      RestoreStore store,
      RestoreSource source,
      RestorePlans plans,
      RestoredAccounts accounts,
      InstantSource clock,
      BulkLimits bulkLimits) {
    this.store = store;
    this.source = source;
    this.plans = plans;
    this.accounts = accounts;
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
      return new Run(restore, scan, progress, deadline.minus(MARGIN)).run();
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
    private Instant lookAt;

    Run(Restore restore, SliceScan scan, SliceProgress from, Instant stopAt) {
      this.restore = restore;
      this.scan = scan;
      this.sink = accounts.sink(restore.uid());
      this.stopAt = stopAt;
      this.slice = from.slice();
      this.restored = from.totals().logsRestored();
      this.bytesRestored = from.totals().bytesRestored();
      this.conflicting = from.totals().logsConflicting();
      this.lookAt = clock.instant().plus(LOOK_EVERY);
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
        Instant now = clock.instant();
        if (!now.isBefore(stopAt)) {
          write();
          return Outcome.CONTINUE;
        }
        if (!now.isBefore(lookAt)) {
          if (store.findInProgress(restore.id()).isEmpty()) {
            return Outcome.ENDED;
          }
          lookAt = now.plus(LOOK_EVERY);
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
      store.saveProgress(
          restore.uid(),
          new SliceProgress(
              slice, scan.position(), scan.totals(restored, bytesRestored, conflicting)));
    }
  }
}
