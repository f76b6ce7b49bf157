package io.logarchive.local;

import io.logarchive.account.Authentication;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What every function is asked to do, twice, from the creation of two accounts to the end of what
 * they restored. The answer to one call is what the next needs.
 */
final class ColdStartCalls {

  /** In the order in which they need one another. */
  static final List<String> FUNCTIONS =
      List.of(
          "Health",
          "Accounts",
          "ArchiveSettings",
          "Ingest",
          "Restore",
          "RestoreRequested",
          "PlanRestore",
          "CountSlice",
          "CutRestore",
          "RestoreSlice",
          "FinishRestore",
          "Search",
          "FailRestore",
          "ExpireRestores",
          "SweepRestores");

  private final String adminToken;
  private final AccessKey s3Key;
  private final List<String> buckets;
  private final byte[] logs;
  private final Supplier<Integer> startedRestore;
  private final Instant now;
  private final List<JsonObject> accounts = new ArrayList<>();
  private final List<Integer> restores = new ArrayList<>();

  /**
   * @param buckets two, empty ones
   * @param startedRestore the id of the restore whose workflow was started last
   */
  ColdStartCalls(
      String adminToken,
      AccessKey s3Key,
      List<String> buckets,
      int logs,
      Supplier<Integer> startedRestore,
      Instant now) {
    this.adminToken = adminToken;
    this.s3Key = s3Key;
    this.buckets = buckets;
    this.logs = gzip(logs, now);
    this.startedRestore = startedRestore;
    this.now = now;
  }

  /** The event for a function's first or second call. */
  String event(String function, int call) {
    return switch (function) {
      case "Health" -> http("GET", "/healthz", "", null);
      case "Accounts" ->
          http(
              "POST",
              "/v1/account-management/time-based-accounts",
              adminToken,
              JsonObject.builder()
                  .put("accountName", buckets.get(call))
                  .put("maxDailyGB", 1)
                  .build());
      case "ArchiveSettings" ->
          http("POST", "/v2/archive/settings", apiToken(call), settings(buckets.get(call)));
      case "Ingest" -> ingest();
      case "Restore" -> http("POST", "/archive/restore", apiToken(0), restore("restore " + call));
      case "RestoreRequested" ->
          text(
              JsonObject.builder()
                  .put("id", buckets.get(call))
                  .put("detail-type", "Restore Requested")
                  .put("detail", restore("event " + call))
                  .build());
      case "PlanRestore", "CutRestore", "FinishRestore" -> text(step(call).build());
      case "CountSlice", "RestoreSlice" -> text(step(call).put("slice", 0).build());
      case "Search" ->
          http(
              "POST",
              "/v1/search",
              apiToken(0),
              JsonObject.builder()
                  .put("query", JsonObject.builder().put("match_all", JsonObject.EMPTY).build())
                  .build());
      case "FailRestore" ->
          text(
              JsonObject.builder()
                  .put("restoreId", restores.get(2 + call))
                  .put(
                      "error",
                      JsonObject.builder().put("Error", "States.Timeout").put("Cause", "").build())
                  .build());
      default ->
          text(
              JsonObject.builder()
                  .put("id", "schedule")
                  .put("detail-type", "Scheduled Event")
                  .put("source", "aws.events")
                  .put("account", "123456789012")
                  .put("time", "2026-11-23T10:00:00Z")
                  .put("region", "eu-central-1")
                  .put("resources", List.of())
                  .put("detail", JsonObject.EMPTY)
                  .build());
    };
  }

  /** Takes the answer, which must be that of a call that went well. */
  void answered(String function, String answer) throws IOException {
    if (answer.startsWith("{\"statusCode\"")) {
      Reply http = LambdaEvents.reply(answer.getBytes(StandardCharsets.UTF_8));
      if (http.status() != 200) {
        throw new IOException(function + " answered " + answer);
      }
      if (function.equals("Accounts")) {
        accounts.add(Json.object(http.body()));
      }
    }
    if (function.equals("Restore") || function.equals("RestoreRequested")) {
      restores.add(startedRestore.get());
    }
    if (answer.contains("\"outcome\":\"FAILED\"") || answer.contains("\"outcome\":\"CONTINUE\"")) {
      throw new IOException(function + " answered " + answer);
    }
  }

  private String apiToken(int account) {
    return ServiceClient.text(accounts.get(account), "apiToken");
  }

  private String http(String method, String path, String token, @Nullable JsonObject body) {
    return new String(
        LambdaEvents.restApi(
            new Request(
                method,
                path,
                null,
                Map.of(Authentication.API_TOKEN_HEADER, List.of(token)),
                body == null ? new byte[0] : body.bytes(),
                "127.0.0.1",
                "gateway"),
            now),
        StandardCharsets.UTF_8);
  }

  private String ingest() {
    return new String(
        LambdaEvents.functionUrl(
            new Request(
                "POST",
                "/",
                "token=" + ServiceClient.text(accounts.getFirst(), "shippingToken") + "&type=shop",
                Map.of("Content-Encoding", List.of("gzip")),
                logs,
                "127.0.0.1",
                "url"),
            now),
        StandardCharsets.UTF_8);
  }

  private JsonObject settings(String bucket) {
    JsonObject key =
        JsonObject.builder().put("accessKey", s3Key.id()).put("secretKey", s3Key.secret()).build();
    return JsonObject.builder()
        .put("storageType", "S3")
        .put(
            "amazonS3StorageSettings",
            JsonObject.builder()
                .put("credentialsType", "KEYS")
                .put("path", bucket)
                .put("s3SecretCredentials", key)
                .build())
        .build();
  }

  private JsonObject restore(String name) {
    return JsonObject.builder()
        .put("accountId", ServiceClient.number(accounts.getFirst(), "accountId"))
        .put("accountName", name)
        .put("startTime", now.minusSeconds(3_600).getEpochSecond())
        .put("endTime", now.getEpochSecond())
        .build();
  }

  private JsonObject.Builder step(int call) {
    return JsonObject.builder().put("restoreId", restores.get(call));
  }

  private static String text(JsonObject object) {
    return Json.text(object);
  }

  private static byte[] gzip(int logs, Instant now) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < logs; i++) {
        JsonObject log =
            JsonObject.builder()
                .put("@timestamp", now.minusSeconds(600).plusMillis(i).toString())
                .put("level", i % 10 == 0 ? "WARN" : "INFO")
                .put("path", "/cart/" + i * 7_919L % 10_007)
                .put("session", Long.toHexString(i * 0x9E3779B97F4A7C15L))
                .put(
                    "message", "order " + i + String.join(" of ", Collections.nCopies(12, " item")))
                .build();
        gzip.write((text(log) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
