package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.durabletask.azurefunctions.DurableActivityTrigger;
import io.logarchive.functions.azure.StepText.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * The steps of a restore, each for a workflow to call. What fails is told as an outcome, with what
 * it was, and never thrown: what becomes of an exception on its way to the workflow is the host's
 * affair.
 */
public final class RestoreSteps {
  static final String PLAN = "PlanRestore";
  static final String COUNT = "CountSlice";
  static final String CUT = "CutRestore";
  static final String RESTORE = "RestoreSlice";
  static final String FINISH = "FinishRestore";
  static final String FAIL = "FailRestore";
  private static final String INPUT = "input";

  private final AzureWiring wiring;

  /** For the host, which makes one for each invocation. */
  public RestoreSteps() {
    this(AzureWiring.ofWorker());
  }

  public RestoreSteps(AzureWiring wiring) {
    this.wiring = wiring;
  }

  /** Lists the range and cuts it into slices. */
  @FunctionName(PLAN)
  public String plan(@DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return run(input, context, in -> Outcome.of(wiring.planRestore().run(in.restoreId())));
  }

  /** Counts one slice by minute. */
  @FunctionName(COUNT)
  public String count(
      @DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return run(
        input,
        context,
        in -> {
          wiring.countSlice().run(in.restoreId(), in.slice());
          return Outcome.DONE;
        });
  }

  /** Cuts a restore at its cap, once all slices are counted. */
  @FunctionName(CUT)
  public String cut(@DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return run(
        input,
        context,
        in -> wiring.cutRestore().run(in.restoreId()) ? Outcome.DONE : Outcome.ENDED);
  }

  /** Restores as much of one slice as fits into the time that a function has. */
  @FunctionName(RESTORE)
  public String restore(
      @DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    Instant deadline = wiring.clock().instant().plus(AzureWiring.FUNCTION_TIMEOUT);
    return run(
        input,
        context,
        in -> Outcome.of(wiring.restoreSlice().run(in.restoreId(), in.slice(), deadline)));
  }

  /** The last step of a restore that worked. */
  @FunctionName(FINISH)
  public String finish(
      @DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return run(
        input,
        context,
        in ->
            wiring.finishRestore().run(in.restoreId()).isPresent() ? Outcome.DONE : Outcome.ENDED);
  }

  /** Ends a restore whose step failed for good. */
  @FunctionName(FAIL)
  public String fail(@DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return run(
        input,
        context,
        in ->
            wiring.failRestore().run(in.restoreId(), Outcome.failure(in.more())).isPresent()
                ? Outcome.DONE
                : Outcome.ENDED);
  }

  /** What a step is called with: a restore, and what else it needs. */
  private record Input(int restoreId, String more) {
    static Input parse(String text) {
      List<String> words = StepText.words(text, 2);
      return new Input(Integer.parseInt(words.get(0)), words.get(1));
    }

    int slice() {
      return Integer.parseInt(more);
    }
  }

  private String run(String input, ExecutionContext context, Function<Input, Outcome> step) {
    try {
      Input in = Input.parse(input);
      return wiring.step(context, in.restoreId(), () -> step.apply(in)).text();
    } catch (RuntimeException e) {
      return Outcome.of(e).text();
    }
  }
}
