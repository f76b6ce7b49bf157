package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.durabletask.azurefunctions.DurableActivityTrigger;

/** The steps of a restore, each for a workflow to call. */
public final class RestoreSteps {
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
  @FunctionName(RestoreOrchestration.PLAN)
  public String plan(@DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return wiring.steps().plan(input, context);
  }

  /** Counts one slice by minute. */
  @FunctionName(RestoreOrchestration.COUNT)
  public String count(
      @DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return wiring.steps().count(input, context);
  }

  /** Cuts a restore at its cap, once all slices are counted. */
  @FunctionName(RestoreOrchestration.CUT)
  public String cut(@DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return wiring.steps().cut(input, context);
  }

  /** Restores as much of one slice as fits into the time that a function has. */
  @FunctionName(RestoreOrchestration.RESTORE)
  public String restore(
      @DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return wiring.steps().restore(input, context);
  }

  /** The last step of a restore that worked. */
  @FunctionName(RestoreOrchestration.FINISH)
  public String finish(
      @DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return wiring.steps().finish(input, context);
  }

  /** Ends a restore whose step failed for good. */
  @FunctionName(RestoreOrchestration.FAIL)
  public String fail(@DurableActivityTrigger(name = INPUT) String input, ExecutionContext context) {
    return wiring.steps().fail(input, context);
  }
}
