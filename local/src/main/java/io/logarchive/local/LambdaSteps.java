package io.logarchive.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;

/** The functions that a state machine calls, with the same inputs. */
final class LambdaSteps implements WorkflowSteps {
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

  /**
   * Makes the functions.
   *
   * @param timeLimit what a function is told to have for one call
   */
  LambdaSteps(AwsWiring wiring, LocalWiring machine, Duration timeLimit) {
    this.plan = new Step("PlanRestore", new PlanRestoreHandler(wiring));
    this.count = new Step("CountSlice", new CountSliceHandler(wiring));
    this.cut = new Step("CutRestore", new CutRestoreHandler(wiring));
    this.restore = new Step("RestoreSlice", new RestoreSliceHandler(wiring));
    this.finish = new Step("FinishRestore", new FinishRestoreHandler(wiring));
    this.fail = new Step("FailRestore", new FailRestoreHandler(wiring));
    this.machine = machine;
    this.timeLimit = timeLimit;
  }

  @Override
  public Planned plan(int restoreId) throws IOException {
    Fields planned = call(plan, of(restoreId));
    return planned.requiredText("outcome").equals("PLANNED")
        ? new Planned(
            OptionalInt.of(planned.integer("slices", 0, Integer.MAX_VALUE).orElseThrow()),
            planned.bool("countFirst").orElseThrow())
        : Planned.ENDED;
  }

  @Override
  public void count(int restoreId, int slice) throws IOException {
    call(count, of(restoreId, slice));
  }

  @Override
  public boolean cut(int restoreId) throws IOException {
    return !call(cut, of(restoreId)).requiredText("outcome").equals("ENDED");
  }

  @Override
  public boolean restore(int restoreId, int slice) throws IOException {
    return call(restore, of(restoreId, slice)).requiredText("outcome").equals("CONTINUE");
  }

  @Override
  public void finish(int restoreId) throws IOException {
    call(finish, of(restoreId));
  }

  @Override
  public void fail(int restoreId, Exception failure) throws IOException {
    JsonObject cause =
        JsonObject.builder()
            .put("errorMessage", failure.getMessage())
            .put("errorType", failure.getClass().getName())
            .build();
    call(
        fail,
        JsonObject.builder()
            .put("restoreId", restoreId)
            .put(
                "error",
                JsonObject.builder()
                    .put("Error", failure.getClass().getName())
                    .put("Cause", Json.text(cause))
                    .build())
            .build());
  }

  private Fields call(Step step, JsonObject input) throws IOException {
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

  private static JsonObject of(int restoreId) {
    return JsonObject.builder().put("restoreId", restoreId).build();
  }

  private static JsonObject of(int restoreId, int slice) {
    return JsonObject.builder().put("restoreId", restoreId).put("slice", slice).build();
  }
}
