package io.logarchive.admin;

import io.logarchive.account.AccountStore;
import io.logarchive.account.Administrator;
import io.logarchive.account.Authentication;
import io.logarchive.account.Scope;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.audit.AuditLog;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.PathId;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/audit}: an account's audit entries, newest first; of removed accounts too, for the
 * deployment's administrator.
 */
public final class AuditApi {
  private final Authentication authentication;
  private final AccountStore accounts;
  private final AuditLog log;

  public AuditApi(Authentication authentication, AccountStore accounts, AuditLog log) {
    this.authentication = authentication;
    this.accounts = accounts;
    this.log = log;
  }

  public Routes routes() {
    return Routes.none().and("GET", "/v1/audit", this::page);
  }

  private ApiResponse page(ApiRequest request, Map<String, String> variables) {
    Administrator administrator = authentication.administrator(request, Scope.ACCOUNTS);
    int accountId = accountId(request, administrator);
    String before = before(request).orElse(null);
    AuditLog.Page page = log.page(accountId, before);
    if (page.entries().isEmpty() && before == null && accounts.find(accountId).isEmpty()) {
      throw notFound();
    }
    return ApiResponse.json(
        200,
        JsonObject.builder()
            .put("entries", page.entries().stream().map(AuditApi::json).toList())
            .put("next", page.next())
            .build());
  }

  private static int accountId(ApiRequest request, Administrator administrator) {
    Optional<Integer> named =
        request
            .parameter("accountId")
            .map(
                text ->
                    PathId.of(text)
                        .orElseThrow(
                            () ->
                                new InvalidFieldException(
                                    "accountId", "must be the id of an account")));
    int accountId =
        switch (administrator) {
          case Administrator.OfDeployment deployment ->
              named.orElseThrow(
                  () ->
                      new InvalidFieldException(
                          "accountId", "is required with the deployment's admin token"));
          case Administrator.OfAccount own -> named.orElse(own.token().accountId());
        };
    if (!administrator.reaches(accountId)) {
      throw notFound();
    }
    return accountId;
  }

  private static Optional<String> before(ApiRequest request) {
    Optional<String> before = request.parameter("before");
    if (before.isPresent() && !AuditEntry.isId(before.get())) {
      throw new InvalidFieldException("before", "must be the \"next\" of a page or an entry's id");
    }
    return before;
  }

  private static JsonObject json(AuditEntry entry) {
    return JsonObject.builder()
        .put("id", entry.id())
        .put("at", entry.at())
        .put("by", json(entry.by()))
        .put("accountId", entry.accountId())
        .put("action", entry.action().text())
        .put("subjectId", entry.subjectId())
        .put("before", orNull(entry.before()))
        .put("after", orNull(entry.after()))
        .put("requestId", entry.requestId())
        .build();
  }

  private static JsonObject json(Actor actor) {
    return switch (actor) {
      case Actor.Token token ->
          JsonObject.builder()
              .put("kind", "token")
              .put("accountId", token.accountId())
              .put("tokenId", token.tokenId())
              .build();
      case Actor.Admin admin -> JsonObject.builder().put("kind", "admin").build();
      case Actor.Deployment deployment -> JsonObject.builder().put("kind", "deployment").build();
      case Actor.Event event ->
          JsonObject.builder().put("kind", "event").put("eventId", event.id()).build();
    };
  }

  private static JsonValue orNull(@Nullable JsonObject value) {
    return value == null ? new JsonValue.Null() : value;
  }

  private static Refusal notFound() {
    return Refusal.notFound("An account with this id");
  }
}
