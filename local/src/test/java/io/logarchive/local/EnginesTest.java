package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class EnginesTest {
  private static final AccessKey KEY = new AccessKey("local", "not-a-real-secret");
  private static final String BUCKET = "kept";

  private final Path directory;

  EnginesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void listenOnLoopbackAndKeepWhatWasWrittenOverARestart() throws Exception {
    try (Engines engines = Engines.start(directory, KEY)) {
      assertThat(engines.dynamoDb().endpoint().getHost()).isEqualTo("127.0.0.1");
      assertThat(engines.s3().endpoint().getHost()).isEqualTo("127.0.0.1");
      assertThat(engines.openSearch().endpoint().getHost()).isEqualTo("127.0.0.1");
      write(engines);
    }
    try (Engines engines = Engines.start(directory, KEY)) {
      assertThatAllIsThere(engines);
    }
  }

  @Test
  void s3RefusesAnotherKeysSignature() throws Exception {
    Files.createDirectories(directory.resolve("s3"));
    try (EmbeddedS3 s3 = EmbeddedS3.start(directory.resolve("s3"), KEY);
        S3Client wrong = s3Client(s3, new AccessKey(KEY.id(), "guessed"))) {
      s3.createBucket(BUCKET);

      assertThatThrownBy(() -> wrong.listObjectsV2(list -> list.bucket(BUCKET)))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch"));
    }
  }

  @Test
  void s3RefusesUnsignedRequests() throws Exception {
    Files.createDirectories(directory.resolve("s3"));
    try (EmbeddedS3 s3 = EmbeddedS3.start(directory.resolve("s3"), KEY);
        S3Client client = s3Client(s3, KEY)) {
      s3.createBucket(BUCKET);
      client.putObject(put -> put.bucket(BUCKET).key("key"), RequestBody.fromString("secret"));
      URI bucket = s3.endpoint().resolve("/" + BUCKET);
      URI object = s3.endpoint().resolve("/" + BUCKET + "/key");

      assertThat(get(bucket, 403)).contains("AccessDenied");
      assertThat(get(object, 403)).contains("AccessDenied");
      HttpRequest.Builder put =
          HttpRequest.newBuilder(object).PUT(HttpRequest.BodyPublishers.ofString("overwritten"));
      assertThat(send(put, 403)).contains("AccessDenied");
    }
  }

  @Test
  void s3ForgetsAPutThatAKillCutOff() throws Exception {
    Path bucket = Files.createDirectories(directory.resolve("s3").resolve(BUCKET));
    Files.writeString(bucket.resolve("whole.json"), "{}\n");
    Files.writeString(bucket.resolve("cut.json-0b6f3c0e-6f0e-4f0e-8f0e-0123456789ab"), "{\"cut\":");
    try (EmbeddedS3 s3 = EmbeddedS3.start(directory.resolve("s3"), KEY);
        S3Client client = s3Client(s3, KEY)) {
      assertThat(client.listObjectsV2(list -> list.bucket(BUCKET)).contents())
          .extracting(S3Object::key)
          .containsExactly("whole.json");
    }
  }

  static void write(Engines engines) throws Exception {
    engines.s3().createBucket(BUCKET);
    try (S3Client s3 = s3Client(engines.s3(), KEY);
        DynamoDbClient dynamoDb = dynamoDbClient(engines.dynamoDb())) {
      s3.putObject(put -> put.bucket(BUCKET).key("a/b.txt"), RequestBody.fromString("an object"));
      dynamoDb.createTable(
          table ->
              table
                  .tableName("kept")
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(
                      AttributeDefinition.builder()
                          .attributeName("id")
                          .attributeType(ScalarAttributeType.S)
                          .build())
                  .keySchema(
                      KeySchemaElement.builder()
                          .attributeName("id")
                          .keyType(KeyType.HASH)
                          .build()));
      dynamoDb.putItem(
          put ->
              put.tableName("kept")
                  .item(
                      Map.of(
                          "id",
                          AttributeValue.fromS("1"),
                          "text",
                          AttributeValue.fromS("an item"))));
    }
    send(
        HttpRequest.newBuilder(
                engines.openSearch().endpoint().resolve("/kept/_doc/1?wait_for_active_shards=1"))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString("{\"text\":\"a document\"}")),
        201);
  }

  static void assertThatAllIsThere(Engines engines) throws Exception {
    try (S3Client s3 = s3Client(engines.s3(), KEY);
        DynamoDbClient dynamoDb = dynamoDbClient(engines.dynamoDb())) {
      assertThat(s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("a/b.txt")).asUtf8String())
          .isEqualTo("an object");
      assertThat(
              dynamoDb
                  .getItem(
                      get -> get.tableName("kept").key(Map.of("id", AttributeValue.fromS("1"))))
                  .item())
          .containsEntry("text", AttributeValue.fromS("an item"));
    }
    URI openSearch = engines.openSearch().endpoint();
    get(openSearch.resolve("/_cluster/health/kept?wait_for_status=yellow&timeout=30s"), 200);
    assertThat(get(openSearch.resolve("/kept/_doc/1"), 200)).contains("a document");
  }

  private static S3Client s3Client(EmbeddedS3 s3, AccessKey key) {
    return S3Client.builder()
        .endpointOverride(s3.endpoint())
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials(key))
        .build();
  }

  private static DynamoDbClient dynamoDbClient(EmbeddedDynamoDb dynamoDb) {
    return DynamoDbClient.builder()
        .endpointOverride(dynamoDb.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials(KEY))
        .build();
  }

  private static StaticCredentialsProvider credentials(AccessKey key) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key.id(), key.secret()));
  }

  private static String get(URI uri, int expected) throws Exception {
    return send(HttpRequest.newBuilder(uri), expected);
  }

  private static String send(HttpRequest.Builder request, int expected)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var reply = client.send(request.build(), BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(expected);
      return reply.body();
    }
  }
}
