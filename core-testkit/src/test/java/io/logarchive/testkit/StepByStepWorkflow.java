package io.logarchive.testkit;

import io.logarchive.fault.ServiceException;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.RestoreWorkflow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Runs restores' steps when a test says so, one after the other, as the workflows of the clouds do.
 */
public final class StepByStepWorkflow implements RestoreWorkflow {
  private static final Duration TIME_LIMIT = Duration.ofMinutes(15);

  private record Run(int restoreId, int attempt) {}

  private final InMemoryDeployment deployment;
  private final Deque<Run> waiting = new ArrayDeque<>();
  private final Set<Run> running = new HashSet<>();
  private boolean refusing;

  StepByStepWorkflow(InMemoryDeployment deployment) {
    this.deployment = deployment;
  }

  /** From now on no workflow starts. */
  public void refuse(boolean refuses) {
    refusing = refuses;
  }

  /** Forgets all that was started, as if the machine was lost. */
  public void lose() {
    waiting.clear();
    running.clear();
  }

  @Override
  public void start(int restoreId, int attempt) {
    if (refusing) {
      throw new ServiceException.Unavailable("StartExecution", "Throttled", null, null);
    }
    Run run = new Run(restoreId, attempt);
    if (running.add(run)) {
      waiting.add(run);
    }
  }

  @Override
  public boolean isRunning(int restoreId, int attempt) {
    return running.contains(new Run(restoreId, attempt));
  }

  /** Runs everything that was started to its end. */
  public void runAll() {
    while (!waiting.isEmpty()) {
      Run run = waiting.remove();
      try {
        steps(run.restoreId());
      } catch (ServiceException e) {
        deployment.failRestore.run(
            run.restoreId(), new Restore.Failure("STORAGE", String.valueOf(e.getMessage())));
      }
      running.remove(run);
    }
  }

  private void steps(int restoreId) {
    if (deployment.planRestore.run(restoreId) instanceof PlanRestore.Outcome.Planned planned) {
      if (planned.countFirst()) {
        for (int slice = 0; slice < planned.slices(); slice++) {
          deployment.countSlice.run(restoreId, slice);
        }
        if (!deployment.cutRestore.run(restoreId)) {
          return;
        }
      }
      for (int slice = 0; slice < planned.slices(); slice++) {
        restoreSlice(restoreId, slice);
      }
      deployment.finishRestore.run(restoreId);
    }
  }

  private void restoreSlice(int restoreId, int slice) {
    while (deployment.restoreSlice.run(
            restoreId, slice, deployment.clock.instant().plus(TIME_LIMIT))
        == RestoreSlice.Outcome.CONTINUE) {
      // Called again with a new deadline.
    }
  }
}
