package io.logarchive.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logarchive.account.Authentication;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What every function is asked to do, twice, from the creation of two accounts to the end of what
 * they restored. The answer to one call is what the next needs.
 */
final class FunctionCalls {

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

  private static final String CLIENT = "127.0.0.1";

  /** Of a step: in the words of either cloud. */
  private static final Pattern BAD_OUTCOME =
      Pattern.compile("^(RETRY|FAILED|CONTINUE)|\"outcome\":\"(FAILED|CONTINUE)\"");

  private final String adminToken;
  private final List<Archive> archives;
  private final byte[] logs;
  private final Supplier<Integer> startedRestore;
  private final Instant now;
  private final List<JsonObject> accounts = new ArrayList<>();
  private final List<Integer> restores = new ArrayList<>();

  /**
   * An empty bucket or container.
   *
   * @param settings of an account that archives into it
   */
  record Archive(String name, JsonObject settings) {}

  /**
   * @param archives two of them
   * @param startedRestore the id of the restore whose workflow was started last
   */
  FunctionCalls(
      String adminToken,
      List<Archive> archives,
      int logs,
      Supplier<Integer> startedRestore,
      Instant now) {
    this.adminToken = adminToken;
    this.archives = archives;
    this.logs = gzip(logs, now);
    this.startedRestore = startedRestore;
    this.now = now;
  }

  /** A function's first or second call. */
  FunctionCall call(String function, int number) {
    return switch (function) {
      case "Health" -> http("GET", "/healthz", "", null);
      case "Accounts" ->
          http(
              "POST",
              "/v1/account-management/time-based-accounts",
              adminToken,
              JsonObject.builder()
                  .put("accountName", archives.get(number).name())
                  .put("maxDailyGB", 1)
                  .build());
      case "ArchiveSettings" ->
          http("POST", "/v2/archive/settings", apiToken(number), archives.get(number).settings());
      case "Ingest" -> ingest();
      case "Restore" -> http("POST", "/archive/restore", apiToken(0), restore("restore " + number));
      case "RestoreRequested" ->
          new FunctionCall.RestoreEvent(archives.get(number).name(), restore("event " + number));
      case "PlanRestore", "CutRestore", "FinishRestore" ->
          new FunctionCall.Step(restores.get(number), null);
      case "CountSlice", "RestoreSlice" -> new FunctionCall.Step(restores.get(number), 0);
      case "Search" ->
          http(
              "POST",
              "/v1/search",
              apiToken(0),
              JsonObject.builder()
                  .put("query", JsonObject.builder().put("match_all", JsonObject.EMPTY).build())
                  .build());
      case "FailRestore" -> new FunctionCall.Failure(restores.get(2 + number));
      default -> new FunctionCall.Schedule();
    };
  }

  /** Asks for what became of the first account's restore. */
  FunctionCall operation(int restoreId) {
    return http("GET", "/archive/restore/" + restoreId, apiToken(0), null);
  }

  /** Takes the answer, which must be that of a call that went well. */
  void answered(String function, Reply answer) throws IOException {
    String text = new String(answer.body(), UTF_8);
    if (answer.status() != 200 || BAD_OUTCOME.matcher(text).find()) {
      throw new IOException(function + " answered " + answer.status() + " " + text);
    }
    if (function.equals("Accounts")) {
      accounts.add(Json.object(answer.body()));
    }
    if (function.equals("Restore") || function.equals("RestoreRequested")) {
      restores.add(startedRestore.get());
    }
  }

  private String apiToken(int account) {
    return ServiceClient.text(accounts.get(account), "apiToken");
  }

  private static FunctionCall.Http http(
      String method, String path, String token, @Nullable JsonObject body) {
    return new FunctionCall.Http(
        new Request(
            method,
            path,
            null,
            Map.of(Authentication.API_TOKEN_HEADER, List.of(token)),
            body == null ? new byte[0] : body.bytes(),
            CLIENT,
            "gateway"));
  }

  private FunctionCall ingest() {
    return new FunctionCall.Shipment(
        new Request(
            "POST",
            "/",
            "token=" + ServiceClient.text(accounts.getFirst(), "shippingToken") + "&type=shop",
            Map.of("Content-Encoding", List.of("gzip")),
            logs,
            CLIENT,
            "url"));
  }

  private JsonObject restore(String name) {
    return JsonObject.builder()
        .put("accountId", ServiceClient.number(accounts.getFirst(), "accountId"))
        .put("accountName", name)
        .put("startTime", now.minusSeconds(3_600).getEpochSecond())
        .put("endTime", now.getEpochSecond())
        .build();
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
        gzip.write((Json.text(log) + "\n").getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
