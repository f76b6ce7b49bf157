package io.logarchive.functions.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.functions.aws.LambdaRuntime.Answer;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.Restore;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
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
      assertThat(lines).hasSize(4);
      assertThat(Json.text(lines.getFirst()))
          .startsWith("{\"_aws\":{")
          .contains("\"RequestsRefused\":1.0", "\"Reason\":\"NOT_FOUND\"")
          .contains("\"Deployment\":\"test\"", "\"awsRequestId\":\"call-1\"");
      assertThat(Json.text(lines.get(1)))
          .contains("\"awsRequestId\":\"call-1\"", "\"coldStart\":true", "\"status\":404")
          .contains("\"errorCode\":\"NOT_FOUND\"", "\"counts\":{\"RequestsRefused\":{")
          .contains("\"traceId\":\"" + LambdaRuntime.TRACE + "\"")
          .contains("\"function\":\"AccountsHandler\"");
      assertThat(Json.text(lines.getLast()))
          .contains("\"awsRequestId\":\"call-2\"", "\"coldStart\":false");
    }
  }

  @Test
  void aFailedStepReachesTheWorkflowByItsClassAndBecomesTheUsersReason() throws Exception {
    Answer answer;
    String output;
    try (StubDynamoDb dynamoDb = new StubDynamoDb(400, DENIED)) {
      environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.address());
      try (LambdaRuntime lambda =
          LambdaRuntime.start(FinishRestoreHandler.class, environment, folder)) {
        answer = lambda.invoke("call", "{\"restoreId\":1234567,\"attempt\":1}");
        output = lambda.output();
      }
    }

    assertThat(answer.failed()).isTrue();
    assertThat(output.lines().filter(line -> line.contains("invocation failed")))
        .singleElement()
        .asString()
        .contains("\"level\":\"WARN\"", "\"restoreId\":1234567")
        .contains("\"reason\":\"GetItem: AccessDeniedException (request dynamo-1)\"");
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
  void aFunctionOfASnapshotGetsItsKeyAndItsLoginWhenItIsCalled() throws Exception {
    Map<String, String> snapshot = Environments.onAws(environment);
    snapshot.keySet().removeIf(key -> key.startsWith("AWS_") && !key.equals("AWS_REGION"));
    try (StubServer aws = new StubServer(LambdaRuntimeTest::aws);
        StubServer openSearch = new StubServer(request -> Reply.Whole.of(200, "{}"))) {
      snapshot.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
      snapshot.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", aws.endpoint() + "/credentials");
      snapshot.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "lambda");
      snapshot.put("OPENSEARCH_ENDPOINT", openSearch.endpoint().toString());
      try (LambdaRuntime lambda =
          LambdaRuntime.start(ExpireRestoresHandler.class, snapshot, folder)) {
        assertThat(lambda.invoke("call", Events.text("scheduled")))
            .isEqualTo(new Answer(false, "null"));
      }

      Request first = aws.requests().getFirst();
      assertThat(first.target()).isEqualTo("/credentials");
      assertThat(first.headers()).containsEntry("authorization", "lambda");
      assertThat(aws.requests().stream().skip(1))
          .isNotEmpty()
          .allSatisfy(
              request ->
                  assertThat(request.headers().get("authorization"))
                      .contains("Credential=ASIAEXAMPLE/"));
      assertThat(openSearch.requests().getFirst().headers())
          .containsEntry(
              "authorization",
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString("search:hunter2".getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The service of credentials, Secrets Manager and DynamoDB, all at one address. */
  private static Reply aws(Request request) {
    if (request.target().equals("/credentials")) {
      return jsonReply(
          "{'AccessKeyId':'ASIAEXAMPLE','SecretAccessKey':'key','Token':'t',"
              + "'Expiration':'2099-01-01T00:00:00Z'}");
    }
    return "secretsmanager.GetSecretValue".equals(request.headers().get("x-amz-target"))
        ? Reply.Whole.of(
            200,
            Json.text(
                JsonObject.builder()
                    .put("SecretString", "{\"username\":\"search\",\"password\":\"hunter2\"}")
                    .build()))
        : jsonReply("{'Items':[],'Count':0}");
  }

  private static Reply jsonReply(String text) {
    return Reply.Whole.of(200, text.replace('\'', '"'));
  }

  @Test
  void everyHandlerIsMadeFromTheEnvironmentAloneAndLoadsNothingOfAzure() throws Exception {
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
    arguments.add("-Xlog:class+load:file=classes.log");
    arguments.add(MakeHandlers.class.getName());
    handlers.forEach(handler -> arguments.add("io.logarchive.functions.aws." + handler));

    Process process =
        JavaProcess.start(
            Environments.onAws(environment), JavaProcess.classPath(), folder, arguments);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(JavaProcess.output(folder).lines())
        .containsExactlyElementsOf(handlers.stream().map(handler -> "made " + handler).toList());
    assertThat(handlers).hasSize(15);
    assertThat(Files.readString(folder.resolve("classes.log")))
        .contains("software.amazon.awssdk.services.s3.S3Client ")
        .doesNotContain("com.azure.", "com.microsoft.", "reactor.");
  }

  private static JsonObject json(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8));
  }
}
