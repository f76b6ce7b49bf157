package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StepFunctionsRestoreWorkflowTest {
  private static final String STATE_MACHINE =
      "arn:aws:states:eu-central-1:123456789012:stateMachine:restore";
  private static final String EXECUTION =
      "arn:aws:states:eu-central-1:123456789012:execution:restore:1234567-2";
  private static final Reply.Whole STARTED =
      AwsReplies.ok("{\"executionArn\":\"" + EXECUTION + "\",\"startDate\":1763830800.0}");

  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final StubServer server = new StubServer(request -> replies.remove());
  private final RestoreWorkflow workflow = workflow(server.endpoint());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anExecutionIsNamedByRestoreAndAttempt() {
    replies.add(STARTED);
    workflow.start(1_234_567, 2);
    Request request = server.requests().getFirst();
    assertThat(request.headers()).containsEntry("x-amz-target", "AWSStepFunctions.StartExecution");
    JsonObject body = Json.object(request.body());
    assertThat(text(body, "stateMachineArn")).isEqualTo(STATE_MACHINE);
    assertThat(text(body, "name")).isEqualTo("1234567-2");
    assertThat(Json.object(text(body, "input").getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(JsonObject.builder().put("restoreId", 1_234_567).put("attempt", 2).build());
  }

  @Test
  void anExecutionThatWasStartedBeforeIsFine() {
    replies.add(AwsReplies.error(400, "ExecutionAlreadyExists", "1"));
    workflow.start(1_234_567, 2);
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING, true",
    "PENDING_REDRIVE, true",
    "SUCCEEDED, false",
    "FAILED, false",
    "TIMED_OUT, false",
    "ABORTED, false"
  })
  void onlyWhatHasNotEndedIsRunning(String status, boolean running) {
    replies.add(
        AwsReplies.ok(
            "{\"executionArn\":\""
                + EXECUTION
                + "\",\"stateMachineArn\":\""
                + STATE_MACHINE
                + "\",\"status\":\""
                + status
                + "\",\"startDate\":1763830800.0}"));
    assertThat(workflow.isRunning(1_234_567, 2)).isEqualTo(running);
    JsonObject body = Json.object(server.requests().getFirst().body());
    assertThat(text(body, "executionArn")).isEqualTo(EXECUTION);
  }

  @Test
  void whatWasNeverStartedIsNotRunning() {
    replies.add(AwsReplies.error(400, "ExecutionDoesNotExist", "1"));
    assertThat(workflow.isRunning(1_234_567, 2)).isFalse();
  }

  @Test
  void aRefusalIsDenied() {
    for (int i = 0; i < 2; i++) {
      replies.add(AwsReplies.error(400, "AccessDeniedException", "REQUEST-1"));
    }
    assertThatThrownBy(() -> workflow.start(1, 1))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("StartExecution: AccessDeniedException (request REQUEST-1)");
    assertThatThrownBy(() -> workflow.isRunning(1, 1))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("DescribeExecution: AccessDeniedException (request REQUEST-1)");
  }

  @Test
  void aThrottledStartIsUnavailableAfterItsRetries() {
    for (int i = 0; i < 10; i++) {
      replies.add(AwsReplies.error(400, "ThrottlingException", "1"));
    }
    assertThatThrownBy(() -> workflow.start(1, 1)).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(server.requests()).hasSizeGreaterThan(1);
  }

  @Test
  void aLostReplyLeavesTheOutcomeOfAStartOpen() {
    for (int i = 0; i < 20; i++) {
      replies.add(new Reply.CutOff(STARTED, 0));
    }
    assertThatThrownBy(() -> workflow.start(1, 1))
        .isInstanceOf(ServiceException.OutcomeUnknown.class);
    assertThatThrownBy(() -> workflow.isRunning(1, 1))
        .isInstanceOf(ServiceException.Unavailable.class);
  }

  @Test
  void anExecutionThatCouldNotBeReadIsNotTakenForOneThatHasEnded() {
    Reply.Whole running = AwsReplies.ok("{\"status\":\"RUNNING\",\"startDate\":1763830800.0}");
    for (int bytes : List.of(17, 40, 60, 90, running.length() - 1)) {
      for (int i = 0; i < 10; i++) {
        replies.add(new Reply.CutOff(running, bytes));
      }
      assertThatThrownBy(() -> workflow.isRunning(1, 1))
          .as("cut off after %s of %s bytes", bytes, running.length())
          .isInstanceOf(ServiceException.Unavailable.class);
      replies.clear();
    }
  }

  @Test
  void aServiceThatCannotBeReachedIsUnavailable() {
    RestoreWorkflow nowhere = workflow(StubServer.nowhere());
    assertThatThrownBy(() -> nowhere.start(1, 1)).isInstanceOf(ServiceException.Unavailable.class);
    assertThatThrownBy(() -> nowhere.isRunning(1, 1))
        .isInstanceOf(ServiceException.Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restore",
        "arn:aws:states:eu-central-1:123456789012:execution:restore:1",
        "arn:aws:lambda:eu-central-1:123456789012:function:restore"
      })
  void onlyAStateMachineIsTaken(String arn) {
    assertThatThrownBy(() -> new StepFunctionsRestoreWorkflow(Clients.at(server.endpoint()), arn))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(arn);
  }

  private static String text(JsonObject object, String name) {
    return ((JsonValue.Text) object.member(name).orElseThrow()).value();
  }

  private static RestoreWorkflow workflow(URI endpoint) {
    return new StepFunctionsRestoreWorkflow(Clients.at(endpoint), STATE_MACHINE);
  }
}
