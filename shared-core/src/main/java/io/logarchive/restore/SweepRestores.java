package io.logarchive.restore;

import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts restores again that are in progress but have no running workflow: it did not start, was
 * stopped, or its machine is gone. Fails those that do not come to an end. Runs every minute.
 */
public final class SweepRestores {
  private static final Logger LOG = LoggerFactory.getLogger(SweepRestores.class);
  private static final int MOST_ATTEMPTS = 10;

  /** A step that hangs, or is done again and again, holds its restore's slot no longer. */
  private static final Duration LONGEST = Duration.ofDays(7);

  private final RestoreStore store;
  private final RestoreWorkflow workflow;
  private final FailRestore failRestore;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Duration grace;

  /**
   * @param grace how long a new restore's workflow may take to start
   */
  public SweepRestores(
      RestoreStore store,
      RestoreWorkflow workflow,
      FailRestore failRestore,
      Metrics metrics,
      InstantSource clock,
      Duration grace) {
    this.store = store;
    this.workflow = workflow;
    this.failRestore = failRestore;
    this.metrics = metrics;
    this.clock = clock;
    this.grace = grace;
  }

  /** Fails at the end if there was a restore that could not be looked after. */
  public void run() {
    Instant now = clock.instant();
    Alone alone = new Alone("sweeping failed");
    Instant oldest = now;
    for (Restore restore : LiveRestores.of(store)) {
      if (restore.inProgress()) {
        oldest = restore.createdAt().isBefore(oldest) ? restore.createdAt() : oldest;
        if (restore.createdAt().plus(grace).isBefore(now)) {
          alone.run("restoreId", restore.id(), () -> sweep(restore, now));
        }
      }
    }
    metrics.add(Metric.OLDEST_RESTORE, Duration.between(oldest, now).toSeconds());
    alone.end();
  }

  private void sweep(Restore restore, Instant now) {
    if (restore.createdAt().plus(LONGEST).isBefore(now)) {
      failRestore.run(
          restore.id(),
          new Restore.Failure(
              "TOO_LONG", "The restore came to no end within " + LONGEST.toDays() + " days"));
    } else if (!workflow.isRunning(restore.id(), restore.attempt())) {
      startAgain(restore);
    }
  }

  private void startAgain(Restore restore) {
    if (restore.attempt() >= MOST_ATTEMPTS) {
      failRestore.run(
          restore.id(),
          new Restore.Failure(
              "WORKFLOW_LOST", "The restore stopped " + MOST_ATTEMPTS + " times without an end"));
      return;
    }
    Restore again = restore.triedAgain();
    // Started before it is counted: a workflow that does not start is no attempt.
    workflow.start(again.id(), again.attempt());
    if (store.update(again)) {
      LOG.atWarn()
          .addKeyValue("restoreId", again.id())
          .addKeyValue("attempt", again.attempt())
          .log("restore started again");
    }
  }
}
