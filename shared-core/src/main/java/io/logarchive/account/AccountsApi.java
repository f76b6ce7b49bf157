package io.logarchive.account;

import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Routes;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.math.BigDecimal;
import java.util.Map;

/** {@code /v1/account-management/time-based-accounts}, for the deployment's administrator. */
public final class AccountsApi implements Api {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final int MAX_NAME_LENGTH = 200;
  private static final BigDecimal MOST_DAILY_GB = new BigDecimal("1000000");

  private final Authentication authentication;
  private final CreateAccount createAccount;
  private final Routes routes;

  public AccountsApi(Authentication authentication, CreateAccount createAccount) {
    this.authentication = authentication;
    this.createAccount = createAccount;
    this.routes =
        Routes.none()
            .and("POST", ACCOUNTS, this::create)
            .notBuilt("GET", ACCOUNTS, authentication::admin)
            .notBuilt("GET", ACCOUNTS + "/{id}", authentication::admin)
            .notBuilt("DELETE", ACCOUNTS + "/{id}", authentication::admin)
            .notBuilt("GET", ACCOUNTS + "/{id}/tokens", authentication::admin)
            .notBuilt("POST", ACCOUNTS + "/{id}/tokens", authentication::admin)
            .notBuilt("DELETE", ACCOUNTS + "/{id}/tokens/{token}", authentication::admin);
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }

  private ApiResponse create(ApiRequest request, Map<String, String> variables) {
    authentication.admin(request);
    Fields body = request.json();
    String name = body.requiredText("accountName").strip();
    if (name.length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException("accountName", "may have " + MAX_NAME_LENGTH + " characters");
    }
    CreateAccount.Created created = createAccount.run(name, maxDailyGb(body));
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

  private static BigDecimal maxDailyGb(Fields body) {
    BigDecimal gb =
        body.number("maxDailyGB")
            .map(JsonValue.Num::value)
            .orElseThrow(() -> new InvalidFieldException("maxDailyGB", "is required"));
    if (gb.signum() <= 0 || gb.compareTo(MOST_DAILY_GB) > 0 || gb.scale() > 9) {
      throw new InvalidFieldException(
          "maxDailyGB", "must be above 0, at most " + MOST_DAILY_GB + ", with at most 9 decimals");
    }
    return gb;
  }
}
