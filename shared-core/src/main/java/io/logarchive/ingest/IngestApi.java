package io.logarchive.ingest;

import io.logarchive.account.Caller;
import io.logarchive.account.ShippingTokens;
import io.logarchive.account.Token;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.LogContext;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.ingest.IngestLogs.Outcome;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.limit.LocalBuckets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /?token=…&type=…}: where shippers send logs. */
public final class IngestApi implements Api {
  private static final Logger LOG = LoggerFactory.getLogger(IngestApi.class);
  private static final String DEFAULT_TYPE = "http-bulk";
  private static final int MAX_TYPE_LENGTH = 256;
  private static final int RETRY_SECONDS = 30;

  private final ShippingTokens tokens;
  private final LocalBuckets buckets;
  private final IngestLogs ingestLogs;
  private final Routes routes;

  public IngestApi(ShippingTokens tokens, LocalBuckets buckets, IngestLogs ingestLogs) {
    this.tokens = tokens;
    this.buckets = buckets;
    this.ingestLogs = ingestLogs;
    this.routes = Routes.none().and("POST", "/", this::ingest);
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }

  @Override
  public Set<String> operations() {
    return routes.operations();
  }

  private ApiResponse ingest(ApiRequest request, Map<String, String> variables) {
    Optional<String> token = request.parameter("token").filter(sent -> !sent.isBlank());
    if (token.isEmpty()) {
      return ApiResponse.text(401, "Logging token is missing").refusing("NO_TOKEN");
    }
    Optional<Caller> caller = tokens.caller(new Token(token.get()));
    if (caller.isEmpty()) {
      return ApiResponse.text(401, "Logging token is not valid").refusing("INVALID_TOKEN");
    }
    LogContext.account(caller.get().accountId());
    Optional<Duration> wait = buckets.take(caller.get().accountId(), request.body().length);
    if (wait.isPresent()) {
      throw Refusal.tooMany(
          "The account sends more than the deployment takes of one: send again later", wait.get());
    }
    IngestLogs.Body body = new IngestLogs.Body(request.body(), isGzip(request), type(request));
    return reply(request, ingestLogs.run(caller.get(), body));
  }

  private static ApiResponse reply(ApiRequest request, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Archived archived -> counted(archived.counts());
      case Outcome.Paused paused -> counted(paused.counts()).with("X-Archive", "paused");
      case Outcome.Empty empty ->
          throw Refusal.invalid("The body holds no log: send at least one line of JSON");
      case Outcome.NotGzip notGzip ->
          throw Refusal.invalid(
              "The body is not whole gzip, as its Content-Encoding says: nothing of it was taken");
      case Outcome.TooLarge tooLarge ->
          throw new Refusal(
              413,
              "TOO_LARGE",
              "The "
                  + tooLarge.what()
                  + " is over "
                  + tooLarge.limit()
                  + " bytes: send less at once");
      case Outcome.NoArchive noArchive ->
          throw Refusal.later("NO_ARCHIVE", noArchive.reason() + ": keep the logs", RETRY_SECONDS);
      case Outcome.NotStored notStored -> {
        LOG.atWarn()
            .setCause(notStored.failure())
            .addKeyValue("requestId", request.id())
            .addKeyValue("accountId", notStored.accountId())
            .log("the archive's storage failed");
        throw Refusal.later(
            "STORAGE_FAILED",
            "The archive's storage answered " + notStored.failure().getMessage() + ": send again",
            RETRY_SECONDS);
      }
    };
  }

  /**
   * {@code 200} only if every line is taken; else the counts, so that a shipper's owner sees what
   * was not.
   */
  private static ApiResponse counted(IngestCounts counts) {
    return counts.allGood()
        ? ApiResponse.empty(200)
        : ApiResponse.json(
            400,
            JsonObject.builder()
                .put("malformedLines", counts.malformed())
                .put("successfulLines", counts.logs())
                .put("oversizedLines", counts.oversized())
                .put("emptyLogLines", counts.blank())
                .build());
  }

  private static boolean isGzip(ApiRequest request) {
    String encoding = request.header("content-encoding").orElse("identity").strip();
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "identity" -> false;
      case "gzip", "x-gzip" -> {
        if (!request.bytesIntact()) {
          throw new Refusal(
              415,
              "UNSUPPORTED_MEDIA_TYPE",
              "The compressed body was taken for text on its way: send it with Content-Type"
                  + " application/octet-stream");
        }
        yield true;
      }
      default ->
          throw new Refusal(
              415,
              "UNSUPPORTED_MEDIA_TYPE",
              "Content-Encoding may be gzip or absent, not what was sent");
    };
  }

  private static String type(ApiRequest request) {
    String type = request.parameter("type").filter(sent -> !sent.isBlank()).orElse(DEFAULT_TYPE);
    if (type.length() > MAX_TYPE_LENGTH) {
      throw new InvalidFieldException("type", "may have " + MAX_TYPE_LENGTH + " characters");
    }
    return type;
  }
}
