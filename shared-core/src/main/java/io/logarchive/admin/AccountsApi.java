package io.logarchive.admin;

import io.logarchive.account.Account;
import io.logarchive.account.AccountJson;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Administrator;
import io.logarchive.account.Authentication;
import io.logarchive.account.ChangeAccount;
import io.logarchive.account.CreateAccount;
import io.logarchive.account.Scope;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.PathId;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /v1/account-management/time-based-accounts}, for the deployment's administrator; an
 * account's own token with the scope {@code accounts} reaches that account alone.
 */
public final class AccountsApi implements Api {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  static final String ACCOUNT = ACCOUNTS + "/{id}";
  private static final int PAGE_SIZE = 200;
  private static final int MAX_NAME_LENGTH = 200;
  private static final int DECIMALS = 9;
  private static final BigDecimal LEAST_DAILY_GB = BigDecimal.valueOf(1, DECIMALS);
  private static final BigDecimal MOST_DAILY_GB = new BigDecimal("1000000");

  private final Authentication authentication;
  private final AccountStore accounts;
  private final CreateAccount createAccount;
  private final ChangeAccount changeAccount;
  private final RemoveAccount removeAccount;
  private final Routes routes;

  public AccountsApi(
      Authentication authentication,
      AccountStore accounts,
      CreateAccount createAccount,
      ChangeAccount changeAccount,
      RemoveAccount removeAccount) {
    this.authentication = authentication;
    this.accounts = accounts;
    this.createAccount = createAccount;
    this.changeAccount = changeAccount;
    this.removeAccount = removeAccount;
    this.routes =
        Routes.none()
            .and("POST", ACCOUNTS, this::create)
            .and("GET", ACCOUNTS, this::list)
            .and("GET", ACCOUNT, this::read)
            .and("PUT", ACCOUNT, this::change)
            .and("DELETE", ACCOUNT, this::remove);
  }

  public Routes routes() {
    return routes;
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }

  @Override
  public Set<String> operations() {
    return routes.operations();
  }

  private ApiResponse create(ApiRequest request, Map<String, String> variables) {
    authentication.admin(request);
    Fields body = request.json();
    CreateAccount.Created created = createAccount.run(name(body), maxDailyGb(body));
    return ApiResponse.json(
        200,
        JsonObject.builder()
            .put("accountId", created.account().id())
            .put("accountName", created.account().name())
            .put("apiToken", created.apiToken().value())
            .put("shippingToken", created.shippingToken().value())
            .put("accountToken", created.shippingToken().value())
            .build());
  }

  private ApiResponse list(ApiRequest request, Map<String, String> variables) {
    int after =
        request
            .parameter("after")
            .map(
                id ->
                    PathId.of(id)
                        .orElseThrow(
                            () -> new InvalidFieldException("after", "must be an account's id")))
            .orElse(0);
    List<Account> page =
        switch (authentication.administrator(request, Scope.ACCOUNTS)) {
          case Administrator.OfDeployment deployment -> accounts.list(after, PAGE_SIZE);
          case Administrator.OfAccount own ->
              accounts.find(own.token().accountId()).stream()
                  .filter(account -> account.id() > after)
                  .toList();
        };
    return ApiResponse.json(
        200, new JsonValue.Array(page.stream().<JsonValue>map(AccountJson::of).toList()));
  }

  private ApiResponse read(ApiRequest request, Map<String, String> variables) {
    Administrator administrator = authentication.administrator(request, Scope.ACCOUNTS);
    return PathId.of(variables.get("id"))
        .filter(administrator::reaches)
        .flatMap(accounts::find)
        .map(account -> ApiResponse.json(200, AccountJson.of(account)))
        .orElseThrow(AccountsApi::notFound);
  }

  private ApiResponse change(ApiRequest request, Map<String, String> variables) {
    authentication.admin(request);
    Fields body = request.json();
    String name = body.has("accountName") ? name(body) : null;
    BigDecimal maxDailyGb = body.has("maxDailyGB") ? maxDailyGb(body) : null;
    return PathId.of(variables.get("id"))
        .flatMap(id -> changeAccount.run(id, name, maxDailyGb))
        .map(account -> ApiResponse.json(200, AccountJson.of(account)))
        .orElseThrow(AccountsApi::notFound);
  }

  private ApiResponse remove(ApiRequest request, Map<String, String> variables) {
    authentication.admin(request);
    Optional<RemoveAccount.Outcome> outcome =
        PathId.of(variables.get("id")).map(id -> removeAccount.run(id, holdings(request)));
    return switch (outcome.orElseThrow(AccountsApi::notFound)) {
      case RemoveAccount.Outcome.Removed removed -> ApiResponse.empty(200);
      case RemoveAccount.Outcome.NotFound absent -> throw notFound();
      case RemoveAccount.Outcome.Held held ->
          throw Refusal.conflict(
              "ACCOUNT_IN_USE",
              "The account still has "
                  + String.join(", ", held.by())
                  + ": remove those first, or add ?force=true to remove them with it");
    };
  }

  private static RemoveAccount.Holdings holdings(ApiRequest request) {
    return switch (request.parameter("force").orElse("false")) {
      case "true" -> RemoveAccount.Holdings.GO_WITH_IT;
      case "false" -> RemoveAccount.Holdings.KEEP_THE_ACCOUNT;
      default -> throw new InvalidFieldException("force", "must be true or false");
    };
  }

  static Refusal notFound() {
    return Refusal.notFound("An account with this id");
  }

  private static String name(Fields body) {
    String name = body.requiredName("accountName");
    if (name.length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException("accountName", "may have " + MAX_NAME_LENGTH + " characters");
    }
    return name;
  }

  private static BigDecimal maxDailyGb(Fields body) {
    BigDecimal gb =
        body.number("maxDailyGB")
            .map(JsonValue.Num::value)
            .orElseThrow(() -> new InvalidFieldException("maxDailyGB", "is required"));
    if (gb.compareTo(LEAST_DAILY_GB) < 0 || gb.compareTo(MOST_DAILY_GB) > 0) {
      throw new InvalidFieldException(
          "maxDailyGB", "must be from 0.000000001, which is a byte, to " + MOST_DAILY_GB);
    }
    return gb.scale() > DECIMALS ? gb.setScale(DECIMALS, RoundingMode.HALF_UP) : gb;
  }
}
