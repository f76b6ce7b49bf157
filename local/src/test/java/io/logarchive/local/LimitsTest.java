package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Ids;
import io.logarchive.account.Token;
import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.DynamoDbTable;
import io.logarchive.functions.aws.AccountsHandler;
import io.logarchive.functions.aws.AwsWiring;
import io.logarchive.functions.aws.IngestHandler;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Limits as a client meets them: over HTTP, through the functions, counted in DynamoDB. */
class LimitsTest {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

  private final Token adminToken = new Ids(new SecureRandom()).token(Token.Kind.ADMIN);
  private final HttpClient client = HttpClient.newHttpClient();
  private final LocalWiring machine = LocalWiring.ofThisMachine();
  private EmbeddedDynamoDb dynamoDb;
  private Map<String, String> environment;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    dynamoDb = EmbeddedDynamoDb.start(Files.createDirectory(folder.resolve("table")));
    new DynamoDbTable(
            new AwsClients(
                "us-east-1",
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
                AwsEndpoints.at(dynamoDb.endpoint())),
            "limits")
        .create();
    Path key = folder.resolve("key");
    Files.writeString(key, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    environment = new HashMap<>();
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", "local");
    environment.put("AWS_ENDPOINT_URL", dynamoDb.endpoint().toString());
    environment.put("TABLE_NAME", "limits");
    environment.put("DEPLOYMENT_ID", "limits");
    environment.put("DEPLOYMENT_BUCKET", "limits-own");
    environment.put("ADMIN_TOKEN_SHA256", adminToken.hash());
    environment.put("SEALING_KEY_FILE", key.toString());
    environment.put("OPENSEARCH_ENDPOINT", "http://127.0.0.1:9");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    dynamoDb.close();
  }

  @Test
  void instancesOfAFunctionCountTogether() throws Exception {
    environment.put("CONTROL_REQUESTS_PER_MINUTE", "5");
    try (LocalHttpServer one = accounts();
        LocalHttpServer other = accounts()) {
      List<HttpResponse<String>> replies =
          IntStream.range(0, 24)
              .mapToObj(i -> get(i % 2 == 0 ? one : other, ACCOUNTS + "/1"))
              .toList();
      // The minute of the clock may change once in between.
      assertThat(replies).filteredOn(reply -> reply.statusCode() == 404).hasSizeBetween(5, 10);
      assertThat(replies)
          .filteredOn(reply -> reply.statusCode() != 404)
          .isNotEmpty()
          .allSatisfy(
              reply -> {
                assertThat(reply.statusCode()).isEqualTo(429);
                assertThat(reply.body()).startsWith("{\"errorCode\":\"archive/TOO_MANY_REQUESTS\"");
                assertThat(Long.parseLong(reply.headers().firstValue("retry-after").orElseThrow()))
                    .isBetween(1L, 60L);
              });
    }
  }

  @Test
  void shippersAreToldToWaitByEachInstanceForItself() throws Exception {
    environment.put("INGEST_BYTES_PER_SECOND", "2");
    try (LocalHttpServer accounts = accounts();
        LocalHttpServer one = ingest();
        LocalHttpServer other = ingest()) {
      String token = shippingToken(accounts);
      for (LocalHttpServer instance : List.of(one, other)) {
        assertThat(send(instance, token).statusCode()).as("no archive yet").isEqualTo(503);
        HttpResponse<String> refused = send(instance, token);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).startsWith("{\"errorCode\":\"archive/TOO_MANY_REQUESTS\"");
        assertThat(Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow()))
            .isBetween(1L, 1_000L);
      }
    }
  }

  private LocalHttpServer accounts() throws Exception {
    return server(
        new LambdaEndpoint(
            "Accounts",
            new AccountsHandler(wiring()),
            LambdaEvents::restApi,
            TIME_LIMIT,
            machine.clock()));
  }

  private LocalHttpServer ingest() throws Exception {
    return server(
        new LambdaEndpoint(
            "Ingest",
            new IngestHandler(wiring()),
            LambdaEvents::functionUrl,
            TIME_LIMIT,
            machine.clock()));
  }

  private LocalHttpServer server(Endpoint endpoint) throws Exception {
    return LocalHttpServer.start(0, endpoint, machine::requestId);
  }

  /** An instance of its own: only the table is shared. */
  private AwsWiring wiring() {
    return AwsWiring.of(
        environment,
        HttpClient::newBuilder,
        own -> {
          throw new IllegalStateException("nothing here starts a restore");
        });
  }

  private String shippingToken(LocalHttpServer accounts) throws Exception {
    HttpResponse<String> created =
        client.send(
            request(accounts.uri().resolve(ACCOUNTS))
                .header("X-API-TOKEN", adminToken.value())
                .POST(BodyPublishers.ofString("{\"accountName\":\"limited\",\"maxDailyGB\":1}"))
                .build(),
            BodyHandlers.ofString());
    JsonObject account = Json.object(created.body().getBytes(StandardCharsets.UTF_8));
    return ((JsonValue.Text) account.member("shippingToken").orElseThrow()).value();
  }

  private HttpResponse<String> send(LocalHttpServer ingest, String token) throws Exception {
    return client.send(
        request(ingest.uri().resolve("/?token=" + token))
            .POST(BodyPublishers.ofString("{\"message\":\"" + "x".repeat(100) + "\"}\n"))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(LocalHttpServer server, String path) {
    return client
        .sendAsync(
            request(server.uri().resolve(path)).header("X-API-TOKEN", adminToken.value()).build(),
            BodyHandlers.ofString())
        .join();
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(TIME_LIMIT);
  }
}
