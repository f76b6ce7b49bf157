package io.logarchive.local;

import com.microsoft.durabletask.DurableTaskGrpcWorkerBuilder;
import com.microsoft.durabletask.TaskActivity;
import com.microsoft.durabletask.TaskActivityFactory;
import com.microsoft.durabletask.TaskOrchestration;
import com.microsoft.durabletask.TaskOrchestrationContext;
import com.microsoft.durabletask.TaskOrchestrationFactory;
import io.logarchive.functions.azure.RestoreWorkflowFunctions;
import java.util.List;
import java.util.function.Function;

/** A worker that works on orchestrations and their activities, with the package's own functions. */
final class DurableWorker {
  private static final List<String> ACTIVITIES =
      List.of(
          "PlanRestore",
          "CountSlice",
          "CutRestore",
          "RestoreSlice",
          "FinishRestore",
          "FailRestore");

  private DurableWorker() {}

  /** With the port of the Durable Task backend. */
  public static void main(String[] arguments) {
    HostWorker functions = new HostWorker("http://127.0.0.1:" + arguments[0]);
    RestoreWorkflowFunctions orchestrators = new RestoreWorkflowFunctions();
    DurableTaskGrpcWorkerBuilder worker =
        new DurableTaskGrpcWorkerBuilder().port(Integer.parseInt(arguments[0]));
    worker.addOrchestration(orchestrator("RestoreWorkflow", orchestrators::restore));
    worker.addOrchestration(orchestrator("RestoreSlices", orchestrators::slices));
    for (String name : ACTIVITIES) {
      worker.addActivity(activity(name, functions));
    }
    worker.build().startAndBlock();
  }

  private static TaskOrchestrationFactory orchestrator(
      String name, Function<TaskOrchestrationContext, String> code) {
    return new TaskOrchestrationFactory() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public TaskOrchestration create() {
        return context -> context.complete(code.apply(context));
      }
    };
  }

  private static TaskActivityFactory activity(String name, HostWorker functions) {
    return new TaskActivityFactory() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public TaskActivity create() {
        return context -> {
          try {
            return functions.trigger(name, context.getInput(String.class));
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        };
      }
    };
  }
}
