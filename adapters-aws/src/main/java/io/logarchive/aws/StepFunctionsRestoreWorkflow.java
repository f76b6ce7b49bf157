package io.logarchive.aws;

import io.logarchive.aws.AwsFault.Effect;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.RestoreWorkflow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/**
 * Runs restores as executions of a state machine, each named {@code <restore id>-<attempt>}. An
 * execution's input is {@code {"restoreId": …, "attempt": …}}. Step Functions knows the name of an
 * execution for 90 days after its end.
 */
public final class StepFunctionsRestoreWorkflow implements RestoreWorkflow {
  private static final Pattern STATE_MACHINE =
      Pattern.compile("(arn:[^:]+:states:[^:]+:[^:]+):stateMachine:([^:]+)");

  private final SfnClient client;
  private final String stateMachineArn;
  private final String executionArnStart;

  public StepFunctionsRestoreWorkflow(AwsClients clients, String stateMachineArn) {
    Matcher parts = STATE_MACHINE.matcher(stateMachineArn);
    if (!parts.matches()) {
      throw new IllegalArgumentException("Not the ARN of a state machine: " + stateMachineArn);
    }
    this.client = clients.stepFunctions();
    this.stateMachineArn = stateMachineArn;
    this.executionArnStart = parts.group(1) + ":execution:" + parts.group(2) + ":";
  }

  @Override
  public void start(int restoreId, int attempt) {
    String input =
        Json.text(JsonObject.builder().put("restoreId", restoreId).put("attempt", attempt).build());
    AwsFault.call(
        "StartExecution",
        Effect.WRITE,
        () -> {
          try {
            client.startExecution(
                start ->
                    start
                        .stateMachineArn(stateMachineArn)
                        .name(name(restoreId, attempt))
                        .input(input));
            return true;
          } catch (ExecutionAlreadyExistsException e) {
            return false;
          }
        });
  }

  @Override
  public boolean isRunning(int restoreId, int attempt) {
    return AwsFault.call(
        "DescribeExecution",
        Effect.READ,
        () -> {
          try {
            ExecutionStatus status =
                AwsFault.whole(
                        client.describeExecution(
                            describe ->
                                describe.executionArn(
                                    executionArnStart + name(restoreId, attempt))))
                    .status();
            return status == ExecutionStatus.RUNNING || status == ExecutionStatus.PENDING_REDRIVE;
          } catch (ExecutionDoesNotExistException e) {
            return false;
          }
        });
  }

  private static String name(int restoreId, int attempt) {
    return restoreId + "-" + attempt;
  }
}
