package io.logarchive.testkit;

import static io.logarchive.testkit.GoStruct.bool;
import static io.logarchive.testkit.GoStruct.float64;
import static io.logarchive.testkit.GoStruct.int32;
import static io.logarchive.testkit.GoStruct.string;
import static io.logarchive.testkit.GoStruct.struct;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logarchive.account.Secret;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of Logz.io's Go client and of its Terraform provider, for archive settings and
 * restores: requests as those serialise them, and of the replies what they read, with the types
 * into which they read it. One account is used, one exchange at a time; after each it has no
 * archive settings.
 *
 * <p>Their habits: every request names its content as JSON, also one without any; empty fields are
 * left out, but for a restore's {@code username}; {@code <}, {@code >} and {@code &} are escaped. A
 * reply of {@code 404}, {@code 429} or {@code 500} makes the client try for minutes, so none of
 * them may answer what will never work.
 */
public final class VendorExchanges {

  /** How a request gets to the service. */
  @FunctionalInterface
  public interface Wire {
    /**
     * Sends it and waits for the reply.
     *
     * @param path below the API's address
     * @param body null for none
     */
    Reply send(String method, String path, Map<String, String> headers, byte @Nullable [] body)
        throws Exception;
  }

  /** What came back. */
  public record Reply(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** A bucket that is no other account's, with a key that opens it. */
  public record Bucket(String name, String accessKey, String secretKey) {}

  /** Lets a restore go on, or waits for it. */
  @FunctionalInterface
  public interface Meanwhile {
    void pass() throws Exception;
  }

  private record Kind(String sent, String expected) {}

  /** The container that the exchanges name, and the app registration that opens it. */
  public static final StorageAccess.Blob CONTAINER =
      new StorageAccess.Blob(
          new BlobLocation("logs4you", "log-archive", ""),
          "6f1c9f0a-54cf-4c5e-9a54-0d2f6a3b1c11",
          "0b6f7d5e-2f3a-4b7c-8d9e-1a2b3c4d5e6f",
          new Secret("planted-blob<secret>&more"));

  private static final String SETTINGS = "/v2/archive/settings";
  private static final String RESTORES = "/archive/restore";
  private static final int PATIENCE = 600;
  private static final Duration TIME_LIMIT = Duration.ofSeconds(90);
  private static final Set<Integer> RETRIED = Set.of(404, 429, 500);
  private static final Set<String> STATUSES =
      Set.of("IN_PROGRESS", "ACTIVE", "LIMIT_EXCEEDED", "ABORTED", "FAILED", "DELETED", "EXPIRED");
  private static final String NO_SUCH_ROLE = "arn:aws:iam::111122223333:role/not-there";

  private static final GoStruct ARCHIVE =
      GoStruct.of(
          int32("id"),
          struct(
              "settings",
              string("storageType"),
              bool("enabled"),
              bool("compressed"),
              struct(
                  "amazonS3StorageSettings",
                  string("credentialsType"),
                  string("path"),
                  struct("s3SecretCredentials", string("accessKey"), string("secretKey")),
                  struct("s3IamCredentials", string("arn"), string("externalId"))),
              struct(
                  "azureBlobStorageSettings",
                  string("tenantId"),
                  string("clientId"),
                  string("clientSecret"),
                  string("accountName"),
                  string("containerName"),
                  string("path"))));
  private static final GoStruct OPERATION =
      GoStruct.of(
          int32("id"),
          int32("accountId"),
          string("accountName"),
          float64("restoredVolumeGb"),
          string("status"),
          float64("startTime"),
          float64("endTime"),
          float64("createdAt"),
          float64("startedAt"),
          float64("finishedAt"),
          float64("expiresAt"));

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final Wire wire;
  private final String apiToken;
  private final Bucket bucket;
  private final @Nullable String roleArn;
  private final StorageAccess.@Nullable Blob container;
  private final Meanwhile meanwhile;

  /**
   * @param roleArn a role that opens the bucket for this account; null where there is none
   * @param container {@link #CONTAINER}, if it can be opened; null where it cannot
   */
  public VendorExchanges(
      Wire wire,
      String apiToken,
      Bucket bucket,
      @Nullable String roleArn,
      StorageAccess.@Nullable Blob container,
      Meanwhile meanwhile) {
    this.wire = wire;
    this.apiToken = apiToken;
    this.bucket = bucket;
    this.roleArn = roleArn;
    this.container = container;
    this.meanwhile = meanwhile;
  }

  /**
   * Over a socket, with the headers that Go's client adds.
   *
   * @param api the API's address, without a slash at its end
   */
  public static Wire overHttp(HttpClient http, String api) {
    return (method, path, headers, body) -> {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(api + path))
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(TIME_LIMIT)
              .header("User-Agent", "Go-http-client/1.1")
              .header("Accept-Encoding", "gzip")
              .method(
                  method,
                  body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
      headers.forEach(request::header);
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
      return new Reply(response.statusCode(), response.body());
    };
  }

  /** What the account's role has to ask for. */
  public String externalId() throws Exception {
    String path = SETTINGS + "/aws-trust?bucket=" + bucket.name();
    return JSON.readTree(call("GET", path, null).body()).path("externalId").asText();
  }

  /** Every kind of storage is created, read, listed, updated to others, imported and deleted. */
  public void settings() throws Exception {
    for (List<Kind> kinds : sequences()) {
      int id = created(kinds.getFirst());
      for (Kind next : kinds.subList(1, kinds.size())) {
        JsonNode updated = archive(200, call("PUT", SETTINGS + "/" + id, next.sent()), next);
        assertThat(updated.path("id").intValue()).isEqualTo(id);
        assertThat(read(id)).isEqualTo(updated);
      }
      deleted(id);
    }
  }

  /** What never works is answered at once, and leaves nothing. */
  public void refusedSettings() throws Exception {
    String absent = keys(new Bucket(bucket.name() + "-absent", "AKIAABSENT", "planted-secret"), "");
    refused(422, "POST", SETTINGS, absent);
    refused(400, "POST", SETTINGS, s3("IAM", bucket.name(), "\"s3IamCredentials\":{}"));
    refused(400, "POST", SETTINGS, "{\"storageType\":\"\"}");
    refused(400, "POST", SETTINGS, s3("KEYS", "", "\"s3SecretCredentials\":{}"));
    refused(422, "POST", SETTINGS, s3("IAM", bucket.name(), role(NO_SUCH_ROLE)));
    assertThat(call("GET", SETTINGS, null).text()).isEqualTo("[]");

    int id = created(keys(""));
    JsonNode before = read(id);
    refused(409, "POST", SETTINGS, keys("").sent());
    refused(422, "PUT", SETTINGS + "/" + id, absent);
    assertThat(read(id)).isEqualTo(before);
    deleted(id);
  }

  /** Restores are started, followed to their end, listed, deleted, and aborted. */
  public void restores() throws Exception {
    int settings = created(keys(""));
    // As the provider sends times, and as scripts do.
    restored("R&D <blue>", "someone@example.com", "1634437185", "1634444385");
    restored("in milliseconds", "", "1634437185000", "1634444385000");
    restored("with a fraction", "", "1634437185.000000000", "1634444385.000000000");

    int id = started("to be aborted", "", "1634437185", "1634444385");
    String aborted = operation(call("DELETE", RESTORES + "/" + id, null)).path("status").asText();
    assertThat(aborted).isIn("ABORTED", "DELETED");

    missing("GET", RESTORES + "/" + settings, null);
    missing("DELETE", RESTORES + "/" + settings, null);
    missing("GET", RESTORES + "/0", null);
    refused(400, "POST", RESTORES, restore("too long", "", "1634437185", "1639444385"));
    refused(400, "POST", RESTORES, "{\"accountName\":\"no times\",\"username\":\"\"}");
    deleted(settings);
    refused(409, "POST", RESTORES, restore("no archive", "", "1634437185", "1634444385"));
  }

  private void restored(String name, String username, String start, String end) throws Exception {
    int id = started(name, username, start, end);
    JsonNode operation = operation(call("GET", RESTORES + "/" + id, null));
    for (int i = 0; i < PATIENCE && operation.path("status").asText().equals("IN_PROGRESS"); i++) {
      meanwhile.pass();
      operation = operation(call("GET", RESTORES + "/" + id, null));
    }
    assertThat(operation.path("status").asText()).as(operation.toString()).isEqualTo("ACTIVE");
    String ended = call("GET", RESTORES + "/" + id, null).text();
    for (String time : List.of("createdAt", "startedAt", "finishedAt", "expiresAt")) {
      assertThat(ended).containsPattern("\"" + time + "\":\\d{10}\\.\\d{9},");
    }
    refused(409, "POST", RESTORES, restore(name, username, start, end));

    JsonNode list = JSON.readTree(call("GET", RESTORES, null).body());
    assertThat(list.isArray()).isTrue();
    list.forEach(OPERATION::check);
    assertThat(list.get(0)).isEqualTo(operation);

    for (int i = 0; i < 2; i++) {
      JsonNode deleted = operation(call("DELETE", RESTORES + "/" + id, null));
      assertThat(deleted.path("status").asText()).isEqualTo("DELETED");
      assertThat(operation(call("GET", RESTORES + "/" + id, null))).isEqualTo(deleted);
    }
  }

  private int started(String name, String username, String start, String end) throws Exception {
    Reply reply = call("POST", RESTORES, restore(name, username, start, end));
    JsonNode operation = operation(reply);
    assertThat(operation.path("accountName").asText()).isEqualTo(name);
    assertThat(operation.path("username").asText()).isEqualTo(username);
    assertThat(operation.path("status").asText()).isEqualTo("IN_PROGRESS");
    assertThat(reply.text())
        .contains("\"startTime\":" + start + ",")
        .contains("\"endTime\":" + end + ",");
    assertThat(operation.path("expiresAt").isNull()).isTrue();
    return operation.path("id").intValue();
  }

  private static JsonNode operation(Reply reply) throws JsonProcessingException {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    JsonNode operation = JSON.readTree(reply.text());
    OPERATION.check(operation);
    assertThat(operation.path("id").intValue()).isPositive();
    assertThat(STATUSES).contains(operation.path("status").asText());
    return operation;
  }

  private List<List<Kind>> sequences() throws Exception {
    Kind keys = keys("");
    List<List<Kind>> sequences =
        new ArrayList<>(
            List.of(
                List.of(keys, changed(keys, false, true), changed(keys, true, false), keys),
                List.of(changed(keys, false, false), keys),
                List.of(bare(keys)),
                List.of(keys("/logs"), keys("/logs/here/"))));
    if (roleArn != null) {
      sequences.add(List.of(role(roleArn, externalId()), keys));
    }
    if (container != null) {
      Kind blob = blob(container, "");
      sequences.add(List.of(keys, blob, keys));
      sequences.add(List.of(blob, keys, blob(container, "exports")));
      if (roleArn != null) {
        Kind role = role(roleArn, externalId());
        sequences.add(List.of(keys, role, blob, role));
      }
    }
    return sequences;
  }

  /** Creates them, and finds them again as an import does: by their id, and in the list. */
  private int created(Kind kind) throws Exception {
    JsonNode created = archive(200, call("POST", SETTINGS, kind.sent()), kind);
    int id = created.path("id").intValue();
    assertThat(id).isPositive();
    assertThat(read(id)).isEqualTo(created);
    JsonNode list = JSON.readTree(call("GET", SETTINGS, null).body());
    assertThat(list).hasSize(1);
    assertThat(list.get(0)).isEqualTo(created);
    return id;
  }

  private void deleted(int id) throws Exception {
    assertThat(call("DELETE", SETTINGS + "/" + id, null).status()).isEqualTo(200);
    missing("GET", SETTINGS + "/" + id, null);
    missing("DELETE", SETTINGS + "/" + id, null);
    missing("PUT", SETTINGS + "/" + id, keys("").sent());
    missing("PUT", SETTINGS + "/0", keys("").sent());
    assertThat(call("GET", SETTINGS, null).text()).isEqualTo("[]");
  }

  private JsonNode read(int id) throws Exception {
    return JSON.readTree(call("GET", SETTINGS + "/" + id, null).body());
  }

  private static JsonNode archive(int status, Reply reply, Kind kind) throws Exception {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    JsonNode archive = JSON.readTree(reply.body());
    ARCHIVE.check(archive);
    JsonNode expected = JSON.readTree(kind.expected());
    ObjectNode known = archive.path("settings").deepCopy();
    known.retain(expected.properties().stream().map(Map.Entry::getKey).toList());
    assertThat(known).isEqualTo(expected);
    return archive;
  }

  /** What neither is nor was: the one refusal that the client waits out. */
  private void missing(String method, String path, @Nullable String body) throws Exception {
    Reply reply = call(method, path, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(404);
    assertThat(JSON.readTree(reply.body()).path("errorCode").asText())
        .isEqualTo("archive/NOT_FOUND");
  }

  private void refused(int status, String method, String path, String body) throws Exception {
    Reply reply = call(method, path, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status).isNotIn(RETRIED);
    JsonNode error = JSON.readTree(reply.body());
    assertThat(error.path("errorCode").asText()).startsWith("archive/");
    assertThat(error.path("message").asText()).isNotBlank();
  }

  private Reply call(String method, String path, @Nullable String body) throws Exception {
    // Go writes header names in its own way, whatever they are called.
    Map<String, String> headers =
        Map.of("X-Api-Token", apiToken, "Content-Type", "application/json");
    Reply reply =
        wire.send(
            method, path, headers, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    assertThat(reply.text()).doesNotContain("planted-", go(bucket.secretKey()), apiToken);
    return reply;
  }

  private Kind keys(String below) {
    String path = (below.isEmpty() ? "" : "s3://") + bucket.name() + below;
    return new Kind(
        keys(bucket, below),
        """
        {"storageType":"S3","enabled":true,"compressed":true,"amazonS3StorageSettings":{
         "credentialsType":"KEYS","path":%s,"s3SecretCredentials":{"accessKey":%s,"secretKey":null},
         "s3IamCredentials":null},"azureBlobStorageSettings":null}"""
            .formatted(go(path), go(bucket.accessKey())));
  }

  private static String keys(Bucket bucket, String below) {
    String path = (below.isEmpty() ? "" : "s3://") + bucket.name() + below;
    return s3(
        "KEYS",
        path,
        "\"s3SecretCredentials\":{\"accessKey\":%s,\"secretKey\":%s}"
            .formatted(go(bucket.accessKey()), go(bucket.secretKey())));
  }

  private Kind role(String arn, String externalId) {
    return new Kind(
        s3("IAM", bucket.name(), role(arn)),
        """
        {"storageType":"S3","enabled":true,"compressed":true,"amazonS3StorageSettings":{
         "credentialsType":"IAM","path":%s,"s3SecretCredentials":null,
         "s3IamCredentials":{"arn":%s,"externalId":%s}},"azureBlobStorageSettings":null}"""
            .formatted(go(bucket.name()), go(arn), go(externalId)));
  }

  private static String role(String arn) {
    return "\"s3IamCredentials\":{\"arn\":" + go(arn) + "}";
  }

  private static String s3(String credentialsType, String path, String credentials) {
    return "{\"storageType\":\"S3\",\"enabled\":true,\"compressed\":true,\"amazonS3StorageSettings\":{"
        + "\"credentialsType\":"
        + go(credentialsType)
        + (path.isEmpty() ? "" : ",\"path\":" + go(path))
        + ","
        + credentials
        + "}}";
  }

  private static Kind blob(StorageAccess.Blob container, String path) {
    String known =
        "\"tenantId\":\"%s\",\"clientId\":\"%s\",\"clientSecret\":%%s,\"accountName\":\"%s\",\"containerName\":\"%s\""
            .formatted(
                container.tenantId(),
                container.clientId(),
                container.location().accountName(),
                container.location().containerName());
    return new Kind(
        ("{\"storageType\":\"BLOB\",\"enabled\":true,\"compressed\":true,"
                + "\"azureBlobStorageSettings\":{"
                + known.formatted(go(container.clientSecret().value()))
                + (path.isEmpty() ? "" : ",\"path\":" + go(path)))
            + "}}",
        "{\"storageType\":\"BLOB\",\"enabled\":true,\"compressed\":true,"
            + "\"amazonS3StorageSettings\":null,\"azureBlobStorageSettings\":{"
            + known.formatted("null")
            + ",\"path\":"
            + (path.isEmpty() ? "null" : go(path))
            + "}}");
  }

  /** The same with other switches. */
  private static Kind changed(Kind kind, boolean enabled, boolean compressed) {
    String before = "\"enabled\":true,\"compressed\":true,";
    String after = "\"enabled\":%s,\"compressed\":%s,".formatted(enabled, compressed);
    return new Kind(kind.sent().replace(before, after), kind.expected().replace(before, after));
  }

  /** The same without switches, as a user of the client may leave them. */
  private static Kind bare(Kind kind) {
    return new Kind(
        kind.sent().replace("\"enabled\":true,\"compressed\":true,", ""), kind.expected());
  }

  private static String restore(String name, String username, String start, String end) {
    return "{\"accountName\":%s,\"username\":%s,\"startTime\":%s,\"endTime\":%s}"
        .formatted(go(name), go(username), start, end);
  }

  /** A text as Go writes it into JSON. */
  private static String go(String text) {
    return '"'
        + text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("&", "\\u0026")
            .replace("<", "\\u003c")
            .replace(">", "\\u003e")
        + '"';
  }
}
