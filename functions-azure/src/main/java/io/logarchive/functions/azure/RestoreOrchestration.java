package io.logarchive.functions.azure;

import com.microsoft.durabletask.Task;
import com.microsoft.durabletask.TaskFailedException;
import com.microsoft.durabletask.TaskOrchestrationContext;
import io.logarchive.functions.azure.StepText.Kind;
import io.logarchive.functions.azure.StepText.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The workflow of a restore: plan; count and cut if it may be over its cap; restore the slices;
 * finish, or fail. Slices are worked on in sub-orchestrations of at most 100, so that no history
 * grows long.
 *
 * <p>It is run again from its start whenever one of its tasks ends. So it decides by its input and
 * by what its tasks gave back, and by nothing else: no clock, no chance, no state.
 */
final class RestoreOrchestration {
  static final String WORKFLOW = "RestoreWorkflow";
  static final String SLICES = "RestoreSlices";

  static final String PLAN = "PlanRestore";
  static final String COUNT = "CountSlice";
  static final String CUT = "CutRestore";
  static final String RESTORE = "RestoreSlice";
  static final String FINISH = "FinishRestore";
  static final String FAIL = "FailRestore";

  /** Of one sub-orchestration. */
  static final int SLICES_OF_A_PART = 100;

  static final int SLICES_AT_ONCE = 10;
  static final int PARTS_AT_ONCE = 4;

  private static final int TRIES = 9;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
  private static final int DOUBLINGS = 5;

  private final TaskOrchestrationContext context;

  private RestoreOrchestration(TaskOrchestrationContext context) {
    this.context = context;
  }

  /**
   * Runs a restore.
   *
   * @param context its input is the restore's id and the attempt
   */
  static String restore(TaskOrchestrationContext context) {
    String restoreId = StepText.words(context.getInput(String.class), 2).get(0);
    return new RestoreOrchestration(context).restore(restoreId).text();
  }

  /**
   * Runs one step for some of a restore's slices.
   *
   * @param context its input is the step, the restore's id, the first slice and the one behind the
   *     last
   */
  static String part(TaskOrchestrationContext context) {
    List<String> input = StepText.words(context.getInput(String.class), 4);
    return new RestoreOrchestration(context)
        .each(
            Integer.parseInt(input.get(2)),
            Integer.parseInt(input.get(3)),
            SLICES_AT_ONCE,
            slice -> activity(context, input.get(0), StepText.of(input.get(1), slice)))
        .text();
  }

  private Outcome restore(String restoreId) {
    Outcome outcome = steps(restoreId);
    return outcome.kind() == Kind.FAILED
        ? step(FAIL, StepText.of(restoreId, outcome.more()))
        : outcome;
  }

  private Outcome steps(String restoreId) {
    Outcome planned = step(PLAN, restoreId + "/");
    if (planned.kind() != Kind.PLANNED) {
      return planned;
    }
    List<String> plan = StepText.words(planned.more(), 2);
    int slices = Integer.parseInt(plan.get(0));
    if (Boolean.parseBoolean(plan.get(1))) {
      Outcome counted = slices(COUNT, restoreId, slices);
      if (counted.kind() != Kind.DONE) {
        return counted;
      }
      Outcome cut = step(CUT, restoreId + "/");
      if (cut.kind() != Kind.DONE) {
        return cut;
      }
    }
    Outcome restored = slices(RESTORE, restoreId, slices);
    return restored.kind() == Kind.DONE ? step(FINISH, restoreId + "/") : restored;
  }

  private Outcome step(String name, String input) {
    return each(0, 1, 1, once -> activity(context, name, input));
  }

  private Outcome slices(String step, String restoreId, int slices) {
    int parts = (slices + SLICES_OF_A_PART - 1) / SLICES_OF_A_PART;
    return each(
        0,
        parts,
        PARTS_AT_ONCE,
        part -> {
          int first = part * SLICES_OF_A_PART;
          int behind = Math.min(first + SLICES_OF_A_PART, slices);
          return context.callSubOrchestrator(
              SLICES, StepText.of(step, restoreId, first, behind), String.class);
        });
  }

  private static Task<?> activity(TaskOrchestrationContext context, String name, String input) {
    return context.callActivity(name, input, String.class);
  }

  /** One of several tasks with numbers. */
  private static final class Piece {
    private final int number;
    private Task<?> task;
    private int tries = 1;
    private boolean pausing;

    Piece(int number, Task<?> task) {
      this.number = number;
      this.task = task;
    }
  }

  /**
   * Starts the tasks with these numbers, so many at once, and again what wants it.
   *
   * @return {@code DONE} if all were, else whatever the first other one gave
   */
  private Outcome each(int first, int behind, int atOnce, IntFunction<Task<?>> start) {
    List<Piece> running = new ArrayList<>();
    int next = first;
    while (true) {
      while (next < behind && running.size() < atOnce) {
        running.add(new Piece(next, start.apply(next)));
        next++;
      }
      if (running.isEmpty()) {
        return Outcome.DONE;
      }
      Piece ended = firstEnded(running);
      if (ended.pausing) {
        ended.pausing = false;
        ended.task = start.apply(ended.number);
        continue;
      }
      Outcome outcome = outcome(ended.task);
      switch (outcome.kind()) {
        case DONE -> running.remove(ended);
        case CONTINUE -> {
          // It may have stopped at what cannot keep up, too.
          ended.tries = 1;
          ended.pausing = true;
          ended.task = context.createTimer(FIRST_PAUSE);
        }
        case RETRY -> {
          if (ended.tries == TRIES) {
            return new Outcome(Kind.FAILED, outcome.more());
          }
          ended.pausing = true;
          ended.task = context.createTimer(pause(ended.tries, ended.number));
          ended.tries++;
        }
        case ENDED, PLANNED, FAILED -> {
          return outcome;
        }
      }
    }
  }

  private Piece firstEnded(List<Piece> running) {
    List<Task<?>> tasks = new ArrayList<>();
    running.forEach(piece -> tasks.add(piece.task));
    try {
      context.anyOf(tasks).await();
    } catch (TaskFailedException e) {
      // The first that ended failed, and says so itself when it is asked.
    }
    return running.stream().filter(piece -> piece.task.isDone()).findFirst().orElseThrow();
  }

  /**
   * What a task gave. What a step could not tell itself, as it threw an error, may pass too. (A
   * retry policy of the library does nothing for tasks of which the first is awaited.) Of a worker
   * that died nothing comes here: the extension has another do the step.
   */
  private static Outcome outcome(Task<?> task) {
    try {
      return Outcome.parse(String.valueOf(task.await()));
    } catch (TaskFailedException e) {
      return new Outcome(
          Kind.RETRY,
          StepText.of(e.getErrorDetails().getErrorType(), e.getErrorDetails().getErrorMessage()));
    }
  }

  /** Each time twice as long, and not the same for all slices. */
  private static Duration pause(int tries, int number) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, DOUBLINGS));
    Duration longest = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    return longest.plusMillis(number * 37L % 1_000);
  }
}
