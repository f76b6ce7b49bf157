package io.logarchive.local;

import io.logarchive.fault.ServiceException;
import io.logarchive.restore.RestoreWorkflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs restores on virtual threads, by calling the very functions that a state machine or an
 * orchestration calls, with the same inputs and retries. Restores that are under way when the
 * process ends stay in progress: the next run's sweeper carries them on.
 */
final class LocalRestoreWorkflow implements RestoreWorkflow, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRestoreWorkflow.class);
  private static final int TRIES = 6;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private record Run(int restoreId, int attempt) {}

  private final WorkflowSteps steps;
  private final Semaphore slices;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Run> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  /**
   * @param slicesAtOnce how many slices are worked on at the same time, over all restores
   */
  LocalRestoreWorkflow(WorkflowSteps steps, int slicesAtOnce) {
    this.steps = steps;
    this.slices = new Semaphore(slicesAtOnce);
  }

  @Override
  public void start(int restoreId, int attempt) {
    Run run = new Run(restoreId, attempt);
    if (!closing && running.add(run)) {
      threads.execute(() -> run(run));
    }
  }

  @Override
  public boolean isRunning(int restoreId, int attempt) {
    return running.contains(new Run(restoreId, attempt));
  }

  @Override
  public void close() {
    closing = true;
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("restores still run while the process ends");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Run run) {
    try {
      steps(run.restoreId());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      if (!closing) {
        fail(run.restoreId(), e);
      }
    } finally {
      running.remove(run);
    }
  }

  private void steps(int restoreId) throws Exception {
    WorkflowSteps.Planned planned = call(() -> steps.plan(restoreId));
    if (planned.slices().isEmpty()) {
      return;
    }
    int total = planned.slices().getAsInt();
    if (planned.countFirst()) {
      all(total, slice -> call(() -> counted(restoreId, slice)));
      if (!call(() -> steps.cut(restoreId))) {
        return;
      }
    }
    all(
        total,
        slice -> {
          while (call(() -> steps.restore(restoreId, slice))) {
            // Called again with a new deadline.
          }
        });
    call(
        () -> {
          steps.finish(restoreId);
          return true;
        });
  }

  private boolean counted(int restoreId, int slice) throws Exception {
    steps.count(restoreId, slice);
    return true;
  }

  /** What is done for one slice. */
  @FunctionalInterface
  private interface SliceWork {
    void run(int slice) throws Exception;
  }

  /** Does it for every slice; the first failure ends the rest. */
  private void all(int total, SliceWork work) throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < total; i++) {
      int slice = i;
      tasks.add(
          () -> {
            slices.acquire();
            try {
              work.run(slice);
            } finally {
              slices.release();
            }
            return null;
          });
    }
    List<Future<Void>> futures = tasks.stream().map(threads::submit).toList();
    try {
      for (Future<Void> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  private void fail(int restoreId, Exception failure) {
    LOG.atWarn().setCause(failure).addKeyValue("restoreId", restoreId).log("restore failed");
    try {
      call(
          () -> {
            steps.fail(restoreId, failure);
            return true;
          });
    } catch (Exception e) {
      // The sweeper finds it in progress without a workflow, and starts it again.
      LOG.atError().setCause(e).addKeyValue("restoreId", restoreId).log("failing it failed");
    }
  }

  /** Calls a function; what may pass is tried again, each time after twice as long. */
  private <T> T call(Callable<T> step) throws Exception {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return step.call();
      } catch (ServiceException.Unavailable | ServiceException.OutcomeUnknown e) {
        if (attempt == TRIES || closing) {
          throw e;
        }
      }
      Thread.sleep(pause.toMillis() + ThreadLocalRandom.current().nextLong(pause.toMillis()));
      pause = pause.multipliedBy(2);
    }
  }
}
