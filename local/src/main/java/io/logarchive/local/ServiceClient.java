package io.logarchive.local;

import io.logarchive.account.Authentication;
import io.logarchive.archive.StorageAccess;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Uses the service over HTTP, as its users do. */
final class ServiceClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** An account's tokens, as they are shown once. */
  record AccountTokens(int accountId, String apiToken, String shippingToken) {}

  /**
   * What came back.
   *
   * @param requestId the platform's own, where the reply has it
   */
  record Answer(int status, byte[] body, @Nullable String requestId) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The body of a reply that must be a {@code 200}. */
    JsonValue json(String call) throws IOException {
      if (status != 200) {
        throw new Refused(call, this);
      }
      return Json.value(body);
    }
  }

  private final String service;
  private final String ingest;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** Of a service that takes logs where it takes all else. */
  ServiceClient(URI service) {
    this(service, service);
  }

  /**
   * Of any deployment.
   *
   * @param service where the API answers; may have a path
   * @param ingest where shippers send logs
   */
  ServiceClient(URI service, URI ingest) {
    this.service = service.toString().replaceAll("/+$", "");
    // Java's own resolving drops the last part of a path before a query.
    this.ingest = ingest.getPath().isEmpty() ? ingest + "/" : ingest.toString();
  }

  /** Whether it answers at all. */
  void health() throws IOException, InterruptedException {
    send(HttpRequest.newBuilder(URI.create(service + "/healthz"))).json("GET /healthz");
  }

  AccountTokens createAccount(String adminToken, String name, int maxDailyGb)
      throws IOException, InterruptedException {
    JsonObject body =
        JsonObject.builder().put("accountName", name).put("maxDailyGB", maxDailyGb).build();
    JsonObject created =
        object(call("POST", "/v1/account-management/time-based-accounts", adminToken, body));
    return new AccountTokens(
        (int) number(created, "accountId"),
        text(created, "apiToken"),
        text(created, "shippingToken"));
  }

  /** Removes an account with all it has. */
  void removeAccount(String adminToken, long id) throws IOException, InterruptedException {
    delete("/v1/account-management/time-based-accounts/" + id + "?force=true", adminToken);
  }

  /** Sets an archive up in a bucket. */
  JsonObject createSettings(String apiToken, String path, AccessKey key)
      throws IOException, InterruptedException {
    return object(call("POST", "/v2/archive/settings", apiToken, settings(path, key)));
  }

  /** Sets an archive up in a container. */
  JsonObject createSettings(String apiToken, StorageAccess.Blob access)
      throws IOException, InterruptedException {
    return createSettings(apiToken, settings(access));
  }

  /** Sets an archive up. */
  JsonObject createSettings(String apiToken, JsonObject settings)
      throws IOException, InterruptedException {
    return object(call("POST", "/v2/archive/settings", apiToken, settings));
  }

  /** Tests a storage; the report, also if it is not well. */
  JsonObject testSettings(String apiToken, JsonObject settings)
      throws IOException, InterruptedException {
    String test = "/v2/archive/settings/test";
    Answer answer = send(request("POST", test, apiToken, settings));
    if (answer.status() == 422) {
      return Json.object(answer.body());
    }
    return object(answer.json("POST " + test));
  }

  void removeSettings(String apiToken, long id) throws IOException, InterruptedException {
    delete("/v2/archive/settings/" + id, apiToken);
  }

  /** What sets an archive up in a container. */
  static JsonObject settings(StorageAccess.Blob access) {
    JsonObject blob =
        JsonObject.builder()
            .put("tenantId", access.tenantId())
            .put("clientId", access.clientId())
            .put("clientSecret", access.clientSecret().value())
            .put("accountName", access.location().accountName())
            .put("containerName", access.location().containerName())
            .put("path", access.location().prefix().isEmpty() ? null : access.location().prefix())
            .build();
    return JsonObject.builder()
        .put("storageType", "BLOB")
        .put("azureBlobStorageSettings", blob)
        .build();
  }

  /** What sets an archive up in a bucket. */
  static JsonObject settings(String path, AccessKey key) {
    JsonObject credentials =
        JsonObject.builder().put("accessKey", key.id()).put("secretKey", key.secret()).build();
    JsonObject s3 =
        JsonObject.builder()
            .put("credentialsType", "KEYS")
            .put("path", path)
            .put("s3SecretCredentials", credentials)
            .build();
    return JsonObject.builder().put("storageType", "S3").put("amazonS3StorageSettings", s3).build();
  }

  /** Sends a gzip body of logs as a shipper does. */
  Answer ship(String shippingToken, String type, byte[] gzip)
      throws IOException, InterruptedException {
    String query =
        "?token=" + shippingToken + "&type=" + URLEncoder.encode(type, StandardCharsets.UTF_8);
    return send(
        HttpRequest.newBuilder(URI.create(ingest + query))
            .header("Content-Type", "application/octet-stream")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(gzip)));
  }

  JsonObject startRestore(String apiToken, String name, long startSecond, long endSecond)
      throws IOException, InterruptedException {
    JsonObject body =
        JsonObject.builder()
            .put("accountName", name)
            .put("startTime", startSecond)
            .put("endTime", endSecond)
            .build();
    return object(call("POST", "/archive/restore", apiToken, body));
  }

  JsonObject restore(String apiToken, long id) throws IOException, InterruptedException {
    return object(call("GET", "/archive/restore/" + id, apiToken, null));
  }

  void removeRestore(String apiToken, long id) throws IOException, InterruptedException {
    call("DELETE", "/archive/restore/" + id, apiToken, null);
  }

  JsonObject search(String apiToken, JsonObject body) throws IOException, InterruptedException {
    return object(call("POST", "/v1/search", apiToken, body));
  }

  @Override
  public void close() {
    http.close();
  }

  static String text(JsonObject object, String name) {
    return object.member(name).orElse(null) instanceof JsonValue.Text text ? text.value() : "";
  }

  static long number(JsonObject object, String name) {
    return object.member(name).orElse(null) instanceof JsonValue.Num number
        ? number.value().longValue()
        : 0;
  }

  /** A member that is an object; an empty one if there is none. */
  static JsonObject object(JsonObject object, String name) {
    return object.member(name).orElse(null) instanceof JsonObject inner ? inner : JsonObject.EMPTY;
  }

  private JsonValue call(String method, String path, String token, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    return send(request(method, path, token, body)).json(method + " " + path);
  }

  private void delete(String path, String token) throws IOException, InterruptedException {
    Answer answer = send(request("DELETE", path, token, null));
    if (answer.status() != 200) {
      throw new Refused("DELETE " + path, answer);
    }
  }

  private HttpRequest.Builder request(
      String method, String path, String token, @Nullable JsonObject body) {
    return HttpRequest.newBuilder(URI.create(service + path))
        .header(Authentication.API_TOKEN_HEADER, token)
        .method(
            method,
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.bytes()));
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
    return new Answer(
        response.statusCode(),
        response.body(),
        response.headers().firstValue("x-amzn-requestid").orElse(null));
  }

  private static JsonObject object(JsonValue value) throws IOException {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new IOException("A reply is " + value.kind() + ", not an object");
  }
}
