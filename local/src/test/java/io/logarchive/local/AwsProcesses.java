package io.logarchive.local;

import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.DynamoDbTable;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Functions on AWS, in processes of their own, over DynamoDB Local, S3Proxy and OpenSearch, and a
 * stub of KMS, Secrets Manager and Step Functions.
 */
final class AwsProcesses implements CloudProcesses {
  private static final String REGION = "us-east-1";
  private static final String TABLE = "logarchive";
  private static final String OWN_BUCKET = "logarchive-deployment";
  private static final String ARN = "arn:aws:%s:us-east-1:123456789012:%s";
  private static final Path TEMPLATE = Path.of("infra", "aws", "template.yaml");

  /** What Lambda gives the heap of a function's memory. */
  private static final double HEAP = 0.85;

  private final Engines engines;
  private final LocalSecrets secrets;
  private final StubServer aws;
  private final String template;

  private AwsProcesses(Engines engines, LocalSecrets secrets, StubServer aws, String template) {
    this.engines = engines;
    this.secrets = secrets;
    this.aws = aws;
    this.template = template;
  }

  static AwsProcesses start(Engines engines, LocalSecrets secrets) throws IOException {
    engines.s3().createBucket(OWN_BUCKET);
    AwsClients clients =
        new AwsClients(
            REGION,
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(secrets.s3Key().id(), secrets.s3Key().secret())),
            AwsEndpoints.at(engines.dynamoDb().endpoint()));
    new DynamoDbTable(clients, TABLE).create();
    return new AwsProcesses(
        engines, secrets, new StubServer(AwsProcesses::aws), Files.readString(TEMPLATE));
  }

  @Override
  public FunctionProcess start(String function, Path unpacked, Path output, List<String> jvm)
      throws IOException {
    List<String> options = new ArrayList<>(jvm);
    options.add("-Xmx" + (int) (memory(function) * HEAP) + "m");
    return LambdaProcess.start(function, unpacked, output, environment(), options);
  }

  @Override
  public FunctionCalls calls(String name, int logs) throws IOException {
    List<FunctionCalls.Archive> buckets = new ArrayList<>();
    for (String bucket : List.of(name + "-a", name + "-b")) {
      engines.s3().createBucket(bucket);
      buckets.add(
          new FunctionCalls.Archive(bucket, ServiceClient.settings(bucket, secrets.s3Key())));
    }
    return new FunctionCalls(
        secrets.adminToken().value(), buckets, logs, this::startedRestore, Instant.now());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_ACCESS_KEY_ID", secrets.s3Key().id());
    environment.put("AWS_SECRET_ACCESS_KEY", secrets.s3Key().secret());
    environment.put("TABLE_NAME", TABLE);
    environment.put("DEPLOYMENT_ID", "processes-on-aws");
    environment.put("DEPLOYMENT_BUCKET", OWN_BUCKET);
    environment.put("ADMIN_TOKEN_SHA256", secrets.adminToken().hash());
    environment.put("SEALING_KEY_ARN", ARN.formatted("kms", "key/sealing"));
    environment.put("SIGNING_KEY_ARN", ARN.formatted("kms", "key/signing"));
    environment.put(
        "OPENSEARCH_SECRET_ARN", ARN.formatted("secretsmanager", "secret:search-AbCdEf"));
    environment.put("OPENSEARCH_ENDPOINT", engines.openSearch().endpoint().toString());
    environment.put("OPENSEARCH_REPLICAS", "0");
    environment.put("RESTORE_STATE_MACHINE_ARN", ARN.formatted("states", "stateMachine:restore"));
    environment.put("RESTORE_START_GRACE_SECONDS", "3600");
    environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_S3", engines.s3().endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", engines.dynamoDb().endpoint().toString());
    return environment;
  }

  private Integer startedRestore() {
    return aws.requests().stream()
        .filter(
            request ->
                "AWSStepFunctions.StartExecution".equals(request.headers().get("x-amz-target")))
        .map(request -> Fields.of(Json.object(request.body())).requiredText("input"))
        .map(input -> Integer.parseInt(input.replaceAll(".*\"restoreId\":([0-9]+).*", "$1")))
        .toList()
        .getLast();
  }

  /** KMS, Secrets Manager and Step Functions, at one address. */
  private static Reply aws(StubServer.Request request) {
    Fields fields = Fields.of(Json.object(request.body()));
    JsonObject.Builder reply = JsonObject.builder();
    switch (request.headers().getOrDefault("x-amz-target", "")) {
      case "TrentService.Encrypt" ->
          reply
              .put("KeyId", fields.requiredText("KeyId"))
              .put("CiphertextBlob", fields.requiredText("Plaintext"));
      case "TrentService.Decrypt" ->
          reply
              .put("KeyId", fields.requiredText("KeyId"))
              .put("Plaintext", fields.requiredText("CiphertextBlob"));
      case "TrentService.GenerateMac" ->
          reply.put("KeyId", fields.requiredText("KeyId")).put("Mac", "A".repeat(43) + "=");
      case "secretsmanager.GetSecretValue" ->
          reply.put("SecretString", "{\"username\":\"search\",\"password\":\"none\"}");
      case "AWSStepFunctions.StartExecution" ->
          reply.put("executionArn", ARN.formatted("states", "execution:e")).put("startDate", 1);
      default -> {
        return Reply.Whole.of(400, "{\"__type\":\"UnknownOperationException\"}");
      }
    }
    return Reply.Whole.of(200, Json.text(reply.build()));
  }

  /** A function's memory, in MB. */
  private int memory(String name) {
    Matcher function =
        Pattern.compile("\\." + name + "Handler\\n(?: {6}.*\\n)*? {6}MemorySize: ([0-9]+)")
            .matcher(template);
    if (!function.find()) {
      throw new IllegalArgumentException("The template has no function " + name);
    }
    return Integer.parseInt(function.group(1));
  }

  @Override
  public void close() {
    aws.close();
  }
}
