package io.logarchive.restore;

import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Scope;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.StartRestore.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /archive/restore}: starts, shows and removes restores. */
public final class RestoreApi implements Api {
  private static final String RESTORE = "/archive/restore";
  private static final int HISTORY_PAGE = 200;
  private static final int MAX_NAME_LENGTH = 200;
  private static final int DEFAULT_DAYS = 5;
  private static final int MOST_DAYS = 30;

  private final Authentication authentication;
  private final StartRestore startRestore;
  private final RemoveRestore removeRestore;
  private final RestoreStore store;
  private final Routes routes;

  public RestoreApi(
      Authentication authentication,
      StartRestore startRestore,
      RemoveRestore removeRestore,
      RestoreStore store) {
    this.authentication = authentication;
    this.startRestore = startRestore;
    this.removeRestore = removeRestore;
    this.store = store;
    Consumer<ApiRequest> guard = request -> authentication.caller(request, Scope.RESTORE);
    this.routes =
        Routes.none()
            .and("POST", RESTORE, this::start)
            .and("GET", RESTORE, this::history)
            .notBuilt("POST", RESTORE + "/estimate", guard)
            .and("GET", RESTORE + "/{id}", this::read)
            .and("DELETE", RESTORE + "/{id}", this::remove);
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }

  private ApiResponse start(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.RESTORE);
    return switch (startRestore.run(caller, decode(request))) {
      case Outcome.Started started -> ApiResponse.json(200, json(started.restore()));
      case Outcome.RangeTooLong tooLong ->
          throw new InvalidFieldException(
              "endTime",
              "is "
                  + tooLong.asked().toSeconds()
                  + " s after startTime: a restore may span "
                  + tooLong.limit().toSeconds()
                  + " s");
      case Outcome.NameInUse inUse ->
          throw Refusal.conflict(
              "NAME_IN_USE",
              "A restored account with the name \""
                  + inUse.accountName()
                  + "\" exists: choose another");
      case Outcome.NoFreeSlot noSlot -> throw noFreeSlot(noSlot.holders());
      case Outcome.NoArchive noArchive ->
          throw Refusal.conflict(
              "NO_ARCHIVE", "The account has no archive settings: set up its archive first");
      case Outcome.KeyReused reused ->
          throw Refusal.conflict(
              "IDEMPOTENCY_KEY_REUSED",
              "This Idempotency-Key came with another request before: use a new one");
    };
  }

  private ApiResponse history(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.RESTORE);
    @Nullable Integer before =
        request
            .parameter("before")
            .map(
                text ->
                    id(text)
                        .orElseThrow(
                            () ->
                                new InvalidFieldException("before", "must be the id of a restore")))
            .orElse(null);
    List<JsonValue> restores =
        store.history(caller.accountId(), before, HISTORY_PAGE).stream()
            .<JsonValue>map(this::summary)
            .toList();
    return ApiResponse.json(200, new JsonValue.Array(restores));
  }

  private ApiResponse read(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.RESTORE);
    return id(variables.get("id"))
        .flatMap(store::find)
        .filter(restore -> restore.accountId() == caller.accountId())
        .map(restore -> ApiResponse.json(200, json(restore)))
        .orElseThrow(RestoreApi::notFound);
  }

  private ApiResponse remove(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.RESTORE);
    return id(variables.get("id"))
        .flatMap(id -> removeRestore.run(caller, id))
        .map(restore -> ApiResponse.json(200, json(restore)))
        .orElseThrow(RestoreApi::notFound);
  }

  private JsonValue json(Restore restore) {
    return RestoreJson.operation(restore, totals(restore));
  }

  /**
   * Without the places that could not be read: two hundred restores of them are more than a reply
   * may have.
   */
  private JsonValue summary(Restore restore) {
    return RestoreJson.operation(restore, totals(restore).withoutPlaces());
  }

  private Totals totals(Restore restore) {
    Totals totals = restore.totals();
    return totals != null ? totals : Totals.sum(store.progress(restore.uid()));
  }

  private static Restore.Request decode(ApiRequest request) {
    Fields body = request.json();
    if (body.bool("dryRun").orElse(false)) {
      throw Refusal.notBuilt("dryRun");
    }
    if (body.text("powerSearch").filter(search -> !search.isBlank()).isPresent()) {
      throw Refusal.notBuilt("powerSearch");
    }
    if (body.array("filters").filter(filters -> !filters.isEmpty()).isPresent()) {
      throw Refusal.notBuilt("filters");
    }
    if (body.has("archived")) {
      throw Refusal.notBuilt("archived");
    }
    String name = body.requiredText("accountName");
    if (name.length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException("accountName", "may have " + MAX_NAME_LENGTH + " characters");
    }
    RequestTime start = RequestTime.of(body, "startTime");
    RequestTime end = RequestTime.of(body, "endTime");
    if (!start.instant().isBefore(end.instant())) {
      throw new InvalidFieldException("endTime", "must be after startTime");
    }
    return new Restore.Request(
        name,
        username(body).orElse(null),
        new TimeRange(start.instant(), end.instant()),
        start.text(),
        end.text(),
        body.integer("expiresInDays", 1, MOST_DAYS).orElse(DEFAULT_DAYS),
        idempotencyKey(request).orElse(null));
  }

  private static Optional<String> username(Fields body) {
    Optional<String> username = body.text("username");
    if (username.isPresent() && username.get().length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException("username", "may have " + MAX_NAME_LENGTH + " characters");
    }
    return username;
  }

  private static Optional<String> idempotencyKey(ApiRequest request) {
    Optional<String> key = request.header("idempotency-key");
    if (key.isPresent() && key.get().length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException(
          "Idempotency-Key", "may have " + MAX_NAME_LENGTH + " characters");
    }
    return key;
  }

  private static Refusal noFreeSlot(List<Restore> holders) {
    String held =
        holders.stream()
            .map(
                restore ->
                    "\""
                        + restore.request().accountName()
                        + "\" ("
                        + (restore.expiresAt() == null
                            ? "in progress"
                            : "until " + restore.expiresAt())
                        + ")")
            .collect(Collectors.joining(", "));
    return Refusal.conflict(
        "NO_FREE_SLOT",
        "All restored accounts that may exist at once are in use: " + held + ". Delete one first");
  }

  private static Refusal notFound() {
    return Refusal.notFound("A restore with this id");
  }

  private static Optional<Integer> id(@Nullable String text) {
    if (text == null || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    long id = Long.parseLong(text.isEmpty() ? "0" : text);
    return id > Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) id);
  }
}
