package io.logarchive.functions.azure;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.durabletask.TaskOrchestrationContext;
import com.microsoft.durabletask.azurefunctions.DurableOrchestrationTrigger;

/** The orchestrators of a restore. They need no wiring: all work is done by the steps. */
public final class RestoreWorkflowFunctions {
  private static final String CONTEXT = "context";

  /** A whole restore. */
  @FunctionName(RestoreOrchestration.WORKFLOW)
  public String restore(
      @DurableOrchestrationTrigger(name = CONTEXT) TaskOrchestrationContext context) {
    return RestoreOrchestration.restore(context);
  }

  /** One step of at most 100 of its slices. */
  @FunctionName(RestoreOrchestration.SLICES)
  public String slices(
      @DurableOrchestrationTrigger(name = CONTEXT) TaskOrchestrationContext context) {
    return RestoreOrchestration.part(context);
  }
}
