package io.logarchive.functions.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.functions.aws.LambdaRuntime.Answer;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.Restore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** AWS's runtime comes with native parts for Linux only. */
@EnabledOnOs(OS.LINUX)
class LambdaRuntimeTest {
  private static final String DENIED =
      "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"no\"}";

  private Path folder;
  private Map<String, String> environment;

  @BeforeEach
  void completeEnvironment(@TempDir Path temporary) throws IOException {
    folder = temporary;
    environment = new HashMap<>(Environments.complete(folder));
  }

  @Test
  void anHttpHandlerAnswersAndLogsLinesOfJson() throws Exception {
    try (LambdaRuntime lambda = LambdaRuntime.start(AccountsHandler.class, environment, folder)) {
      Answer first = lambda.invoke("call-1", Events.text("rest-api-get"));
      Answer second = lambda.invoke("call-2", Events.text("function-url"));

      assertThat(List.of(first.failed(), second.failed())).containsOnly(false);
      assertThat(first.body())
          .startsWith("{\"statusCode\":404,")
          .contains("e59eea3a-0f4d-4a3b-a3e7-111111111111");
      List<JsonObject> lines = new ArrayList<>();
      for (String line : lambda.output().lines().toList()) {
        lines.add(json(line));
      }
      assertThat(lines).hasSize(2);
      assertThat(Json.text(lines.getFirst()))
          .contains("\"awsRequestId\":\"call-1\"", "\"coldStart\":true", "\"status\":404")
          .contains("\"function\":\"AccountsHandler\"");
      assertThat(Json.text(lines.getLast()))
          .contains("\"awsRequestId\":\"call-2\"", "\"coldStart\":false");
    }
  }

  @Test
  void aFailedStepReachesTheWorkflowByItsClassAndBecomesTheUsersReason() throws Exception {
    Answer answer;
    try (StubDynamoDb dynamoDb = new StubDynamoDb(400, DENIED)) {
      environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.address());
      try (LambdaRuntime lambda =
          LambdaRuntime.start(FinishRestoreHandler.class, environment, folder)) {
        answer = lambda.invoke("call", "{\"restoreId\":1234567,\"attempt\":1}");
      }
    }

    assertThat(answer.failed()).isTrue();
    String type = Fields.of(json(answer.body())).requiredText("errorType");
    assertThat(type).isEqualTo("io.logarchive.fault.ServiceException$Denied");
    JsonObject caught = JsonObject.builder().put("Error", type).put("Cause", answer.body()).build();
    JsonObject input = JsonObject.builder().put("restoreId", 1).put("error", caught).build();
    assertThat(StepJson.Input.read(Events.of(Json.text(input))).failure())
        .isEqualTo(
            new Restore.Failure(
                "REFUSED",
                "A service refused what the restore needs:"
                    + " GetItem: AccessDeniedException (request dynamo-1)"));
  }

  @Test
  void aHandlerOfAScheduleTakesEventBridgesEvent() throws Exception {
    try (StubDynamoDb dynamoDb = new StubDynamoDb(200, "{\"Items\":[],\"Count\":0}")) {
      environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.address());
      try (LambdaRuntime lambda =
          LambdaRuntime.start(SweepRestoresHandler.class, environment, folder)) {
        assertThat(lambda.invoke("call", Events.text("scheduled")))
            .isEqualTo(new Answer(false, "null"));
      }
    }
  }

  @Test
  void everyHandlerIsMadeFromTheEnvironmentAlone() throws Exception {
    List<String> handlers;
    Path classes =
        Path.of(AwsWiring.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.list(classes.resolve("io/logarchive/functions/aws"))) {
      handlers =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Handler.class"))
              .map(name -> name.substring(0, name.length() - ".class".length()))
              .sorted()
              .toList();
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(MakeHandlers.class.getName());
    handlers.forEach(handler -> arguments.add("io.logarchive.functions.aws." + handler));

    Process process =
        JavaProcess.start(
            Environments.onAws(environment), JavaProcess.classPath(), folder, arguments);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(JavaProcess.output(folder).lines())
        .containsExactlyElementsOf(handlers.stream().map(handler -> "made " + handler).toList());
    assertThat(handlers).hasSize(15);
  }

  private static JsonObject json(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8));
  }
}
