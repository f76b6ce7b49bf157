package io.logarchive.infra.aws;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * An account whose archive is a bucket of its own.
 *
 * @param aws with the access key that the bucket's owner made for the archive
 * @param text is in every log that {@link #ship} makes
 */
record Customer(
    Service service,
    int accountId,
    String apiToken,
    String shippingToken,
    String bucket,
    AwsCli aws,
    String text) {
  static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  static final int LOGS = 500;

  /** The settings that make this bucket an account's archive. */
  static JsonObject settings(String bucket, AwsCli aws) {
    return JsonObject.builder()
        .put("storageType", "S3")
        .put(
            "amazonS3StorageSettings",
            JsonObject.builder()
                .put("credentialsType", "KEYS")
                .put("path", bucket)
                .put(
                    "s3SecretCredentials",
                    JsonObject.builder()
                        .put("accessKey", aws.accessKey())
                        .put("secretKey", aws.secretKey())
                        .build())
                .build())
        .build();
  }

  /**
   * Sends bodies of {@link #LOGS} logs of one hour, a log a second. Each body becomes an object,
   * and its logs hold {@link #part} of its number.
   */
  void ship(int bodies) throws IOException, InterruptedException {
    for (int body = 0; body < bodies; body++) {
      StringBuilder lines = new StringBuilder();
      for (int log = 0; log < LOGS; log++) {
        lines.append(
            "{\"@timestamp\":\"%s\",\"part\":\"%s\",\"number\":%d}%n"
                .formatted(START.plusSeconds(log), part(body), log));
      }
      Reply reply = service.ship(shippingToken, lines.toString().getBytes(StandardCharsets.UTF_8));
      if (reply.status() != 200) {
        throw new AssertionError("Logs were answered " + reply.status() + ": " + reply.text());
      }
    }
  }

  long settingsId() throws IOException, InterruptedException {
    Reply all = service.call("GET", "/v2/archive/settings", apiToken, null);
    return Reply.number(((JsonValue.Array) Json.value(all.body())).values().getFirst(), "id");
  }

  JsonObject settings(long id) throws IOException, InterruptedException {
    return service.ask("GET", "/v2/archive/settings/" + id, apiToken, null);
  }

  String part(int body) {
    return text + "-" + body + ".";
  }

  /** Starts a restore of what was shipped, and gives its id. */
  long restore(String name) throws IOException, InterruptedException {
    return restore(name, START, START.plusSeconds(3_600));
  }

  long restore(String name, Instant from, Instant to) throws IOException, InterruptedException {
    return Reply.number(
        service.ask("POST", "/archive/restore", apiToken, request(name, from, to)), "id");
  }

  static JsonObject request(String name, Instant from, Instant to) {
    return JsonObject.builder()
        .put("accountName", name)
        .put("startTime", from.getEpochSecond())
        .put("endTime", to.getEpochSecond())
        .build();
  }

  JsonObject operation(long id) throws IOException, InterruptedException {
    return service.ask("GET", "/archive/restore/" + id, apiToken, null);
  }

  String status(long id) throws IOException, InterruptedException {
    return Reply.text(operation(id), "status");
  }

  long restored(long id) throws IOException, InterruptedException {
    return Reply.number(operation(id), "progress", "logsRestored");
  }

  /** How many logs a search of a restored account finds. */
  long found(long id) throws IOException, InterruptedException {
    return Reply.number(
        service.ask("POST", "/v1/search", apiToken, search(id)), "hits", "total", "value");
  }

  /** The status of the reply to a search of it. */
  int searchStatus(long id) throws IOException, InterruptedException {
    return service.call("POST", "/v1/search", apiToken, search(id)).status();
  }

  private static JsonObject search(long id) {
    return JsonObject.builder()
        .put("accountIds", List.of(new JsonValue.Num(Long.toString(id))))
        .put("size", 0)
        .put("track_total_hits", true)
        .build();
  }

  @Override
  public String toString() {
    return "Customer[" + accountId + "]";
  }
}
