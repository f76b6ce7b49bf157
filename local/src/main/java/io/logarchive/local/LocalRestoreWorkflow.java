package io.logarchive.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.fault.ServiceException;
import io.logarchive.functions.aws.AwsWiring;
import io.logarchive.functions.aws.CountSliceHandler;
import io.logarchive.functions.aws.CutRestoreHandler;
import io.logarchive.functions.aws.FailRestoreHandler;
import io.logarchive.functions.aws.FinishRestoreHandler;
import io.logarchive.functions.aws.PlanRestoreHandler;
import io.logarchive.functions.aws.RestoreSliceHandler;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.RestoreWorkflow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
 * Runs restores on virtual threads, by calling the very functions that a state machine calls, with
 * the same inputs, retries and time limits. Restores that are under way when the process ends stay
 * in progress: the next run's sweeper carries them on.
 */
final class LocalRestoreWorkflow implements RestoreWorkflow, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRestoreWorkflow.class);
  private static final int TRIES = 6;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private record Run(int restoreId, int attempt) {}

  /** A function of the workflow. */
  private record Step(String name, RequestStreamHandler handler) {}

  private final Step plan;
  private final Step count;
  private final Step cut;
  private final Step restore;
  private final Step finish;
  private final Step fail;
  private final LocalWiring machine;
  private final Duration timeLimit;
  private final Semaphore slices;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Run> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  /**
   * Makes the functions.
   *
   * @param timeLimit what a function is told to have for one call
   * @param slicesAtOnce how many slices are worked on at the same time, over all restores
   */
  LocalRestoreWorkflow(
      AwsWiring wiring, LocalWiring machine, Duration timeLimit, int slicesAtOnce) {
    this.plan = new Step("PlanRestore", new PlanRestoreHandler(wiring));
    this.count = new Step("CountSlice", new CountSliceHandler(wiring));
    this.cut = new Step("CutRestore", new CutRestoreHandler(wiring));
    this.restore = new Step("RestoreSlice", new RestoreSliceHandler(wiring));
    this.finish = new Step("FinishRestore", new FinishRestoreHandler(wiring));
    this.fail = new Step("FailRestore", new FailRestoreHandler(wiring));
    this.machine = machine;
    this.timeLimit = timeLimit;
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
    JsonObject input = JsonObject.builder().put("restoreId", restoreId).build();
    Fields planned = call(plan, input);
    if (!planned.requiredText("outcome").equals("PLANNED")) {
      return;
    }
    int total = planned.integer("slices", 0, Integer.MAX_VALUE).orElseThrow();
    if (planned.bool("countFirst").orElseThrow()) {
      all(total, slice -> call(count, slice(restoreId, slice)));
      if (call(cut, input).requiredText("outcome").equals("ENDED")) {
        return;
      }
    }
    all(
        total,
        slice -> {
          while (call(restore, slice(restoreId, slice))
              .requiredText("outcome")
              .equals("CONTINUE")) {
            // Called again with a new deadline.
          }
        });
    call(finish, input);
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
    JsonObject cause =
        JsonObject.builder()
            .put("errorMessage", failure.getMessage())
            .put("errorType", failure.getClass().getName())
            .build();
    JsonObject input =
        JsonObject.builder()
            .put("restoreId", restoreId)
            .put(
                "error",
                JsonObject.builder()
                    .put("Error", failure.getClass().getName())
                    .put("Cause", Json.text(cause))
                    .build())
            .build();
    try {
      call(fail, input);
    } catch (Exception e) {
      // The sweeper finds it in progress without a workflow, and starts it again.
      LOG.atError().setCause(e).addKeyValue("restoreId", restoreId).log("failing it failed");
    }
  }

  /** Calls a function; what may pass is tried again, each time after twice as long. */
  private Fields call(Step step, JsonObject input) throws Exception {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return callOnce(step, input);
      } catch (ServiceException.Unavailable | ServiceException.OutcomeUnknown e) {
        if (attempt == TRIES || closing) {
          throw e;
        }
      }
      Thread.sleep(pause.toMillis() + ThreadLocalRandom.current().nextLong(pause.toMillis()));
      pause = pause.multipliedBy(2);
    }
  }

  private Fields callOnce(Step step, JsonObject input) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    LambdaCall call =
        new LambdaCall(
            step.name(),
            machine.requestId(),
            machine.clock().instant().plus(timeLimit),
            machine.clock());
    step.handler().handleRequest(new ByteArrayInputStream(input.bytes()), output, call);
    return Fields.of(Json.object(output.toByteArray()));
  }

  private static JsonObject slice(int restoreId, int slice) {
    return JsonObject.builder().put("restoreId", restoreId).put("slice", slice).build();
  }
}
