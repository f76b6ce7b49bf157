package io.logarchive.restore;

import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Scope;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.LogContext;
import io.logarchive.http.PathId;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code /archive/restore}: starts, shows and removes restores. */
public final class RestoreApi implements Api {
  private static final String RESTORE = "/archive/restore";
  private static final int HISTORY_PAGE = 200;

  private final Authentication authentication;
  private final StartRequestedRestore startRestore;
  private final RemoveRestore removeRestore;
  private final RestoreStore store;
  private final Routes routes;

  public RestoreApi(
      Authentication authentication,
      StartRequestedRestore startRestore,
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

  @Override
  public Set<String> operations() {
    return routes.operations();
  }

  private ApiResponse start(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.RESTORE);
    Restore restore =
        startRestore.run(
            caller.accountId(),
            caller.actor(),
            request.json(),
            request.header("idempotency-key").orElse(null));
    return ApiResponse.json(200, json(restore));
  }

  private ApiResponse history(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.RESTORE);
    @Nullable Integer before =
        request
            .parameter("before")
            .map(
                text ->
                    PathId.of(text)
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
    return PathId.of(variables.get("id"))
        .flatMap(store::find)
        .filter(restore -> restore.accountId() == caller.accountId())
        .map(restore -> ApiResponse.json(200, json(restore)))
        .orElseThrow(RestoreApi::notFound);
  }

  private ApiResponse remove(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.RESTORE);
    return PathId.of(variables.get("id"))
        .flatMap(id -> removeRestore.run(caller, id))
        .map(restore -> ApiResponse.json(200, json(restore)))
        .orElseThrow(RestoreApi::notFound);
  }

  private JsonValue json(Restore restore) {
    LogContext.restore(restore.id());
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

  private static Refusal notFound() {
    return Refusal.notFound("A restore with this id");
  }
}
