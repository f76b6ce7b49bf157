package io.logarchive.local;

import com.microsoft.azure.functions.ExecutionContext;
import io.logarchive.fault.ServiceException;
import io.logarchive.functions.azure.AzureWiring;
import io.logarchive.functions.azure.RestoreSteps;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/** The activities that an orchestration of Durable Functions calls, with the same inputs. */
final class HostSteps implements WorkflowSteps {
  private static final String FAILURES = "(RETRY|FAILED)/.*";

  private final RestoreSteps steps;
  private final LocalWiring machine;

  HostSteps(AzureWiring wiring, LocalWiring machine) {
    this.steps = new RestoreSteps(wiring);
    this.machine = machine;
  }

  /** What an activity failed with, as it told it. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String words) {
      super(words);
    }
  }

  @Override
  public Planned plan(int restoreId) throws Failed {
    List<String> outcome =
        List.of(call("PlanRestore", restoreId + "/", steps::plan).split("/", -1));
    return outcome.getFirst().equals("PLANNED")
        ? new Planned(
            OptionalInt.of(Integer.parseInt(outcome.get(1))), Boolean.parseBoolean(outcome.get(2)))
        : Planned.ENDED;
  }

  @Override
  public void count(int restoreId, int slice) throws Failed {
    call("CountSlice", restoreId + "/" + slice, steps::count);
  }

  @Override
  public boolean cut(int restoreId) throws Failed {
    return call("CutRestore", restoreId + "/", steps::cut).equals("DONE");
  }

  @Override
  public boolean restore(int restoreId, int slice) throws Failed {
    return call("RestoreSlice", restoreId + "/" + slice, steps::restore).equals("CONTINUE");
  }

  @Override
  public void finish(int restoreId) throws Failed {
    call("FinishRestore", restoreId + "/", steps::finish);
  }

  @Override
  public void fail(int restoreId, Exception failure) throws Failed {
    String words =
        failure instanceof Failed
            ? String.valueOf(failure.getMessage())
            : failure.getClass().getName() + "/" + failure.getMessage();
    call("FailRestore", restoreId + "/" + words, steps::fail);
  }

  private String call(
      String function, String input, BiFunction<String, ExecutionContext, String> step)
      throws Failed {
    String outcome = step.apply(input, new HostCall(function, machine.requestId()));
    if (outcome.matches("(?s)" + FAILURES)) {
      String words = outcome.substring(outcome.indexOf('/') + 1);
      if (outcome.startsWith("RETRY")) {
        throw new ServiceException.Unavailable(function, words, null, null);
      }
      throw new Failed(words);
    }
    return outcome;
  }
}
