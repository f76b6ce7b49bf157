package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
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

/** An item in DynamoDB, an object in S3 and a document in OpenSearch, to be found again later. */
final class StoredThings {
  private static final String NAME = "kept";
  private static final Map<String, AttributeValue> ID = Map.of("id", AttributeValue.fromS("1"));

  private StoredThings() {}

  static void write(URI dynamoDb, URI s3, URI openSearch, AccessKey key) throws Exception {
    try (S3Client client = s3Client(s3, key)) {
      client.createBucket(bucket -> bucket.bucket(NAME));
      client.putObject(put -> put.bucket(NAME).key("a/b.txt"), RequestBody.fromString("an object"));
    }
    try (DynamoDbClient client = dynamoDbClient(dynamoDb, key)) {
      client.createTable(
          table ->
              table
                  .tableName(NAME)
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
      client.putItem(put -> put.tableName(NAME).item(ID));
    }
    send(
        HttpRequest.newBuilder(openSearch.resolve("/kept/_doc/1"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"text\":\"a document\"}")),
        201);
  }

  static void assertThatAllAreThere(URI dynamoDb, URI s3, URI openSearch, AccessKey key)
      throws Exception {
    try (S3Client client = s3Client(s3, key)) {
      assertThat(client.getObjectAsBytes(get -> get.bucket(NAME).key("a/b.txt")).asUtf8String())
          .isEqualTo("an object");
    }
    try (DynamoDbClient client = dynamoDbClient(dynamoDb, key)) {
      assertThat(client.getItem(get -> get.tableName(NAME).key(ID)).item()).isEqualTo(ID);
    }
    get(openSearch.resolve("/_cluster/health/kept?wait_for_status=yellow&timeout=30s"), 200);
    assertThat(get(openSearch.resolve("/kept/_doc/1"), 200)).contains("a document");
  }

  static S3Client s3Client(URI endpoint, AccessKey key) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials(key))
        .build();
  }

  private static DynamoDbClient dynamoDbClient(URI endpoint, AccessKey key) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials(key))
        .build();
  }

  private static StaticCredentialsProvider credentials(AccessKey key) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key.id(), key.secret()));
  }

  static String get(URI uri, int expected) throws Exception {
    return send(HttpRequest.newBuilder(uri), expected);
  }

  static String send(HttpRequest.Builder request, int expected)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> reply = client.send(request.build(), BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(expected);
      return reply.body();
    }
  }
}
