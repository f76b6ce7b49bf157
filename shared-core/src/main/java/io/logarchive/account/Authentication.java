package io.logarchive.account;

import io.logarchive.http.ApiRequest;
import io.logarchive.http.LogContext;
import io.logarchive.http.Refusal;
import io.logarchive.limit.RequestLimits;
import io.logarchive.limit.RequestLimits.Part;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Says in whose name a request acts. API tokens are read from the store for every request, so that
 * a revoked one stops working at once. What comes with a valid token is counted, and refused with
 * {@code 429} beyond the token's limit; an unknown token costs the one read that finds it unknown.
 */
public final class Authentication {
  public static final String API_TOKEN_HEADER = "x-api-token";

  private final AccountStore accounts;
  private final String adminTokenHash;
  private final RequestLimits limits;
  private final InstantSource clock;

  /**
   * @param adminTokenHash SHA-256 of the deployment's admin token, in hex
   */
  public Authentication(
      AccountStore accounts, String adminTokenHash, RequestLimits limits, InstantSource clock) {
    this.accounts = accounts;
    this.adminTokenHash = adminTokenHash;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * The account of the request's API token.
   *
   * @throws Refusal {@code 401} without a valid token, {@code 403} without the scope
   */
  public Caller caller(ApiRequest request, Scope scope) {
    TokenRecord token = token(sentToken(request).hash(), scope);
    return new Caller(token.accountId(), token.id());
  }

  /**
   * The deployment's administrator, or an account's own token with this scope.
   *
   * @throws Refusal {@code 401} without a valid token, {@code 403} without the scope
   */
  public Administrator administrator(ApiRequest request, Scope scope) {
    String hash = sentToken(request).hash();
    return isCountedAdmins(hash)
        ? new Administrator.OfDeployment()
        : new Administrator.OfAccount(token(hash, scope));
  }

  private TokenRecord token(String hash, Scope scope) {
    TokenRecord token =
        accounts
            .findToken(hash)
            .filter(found -> found.validAt(clock.instant()))
            .orElseThrow(Authentication::invalidToken);
    LogContext.account(token.accountId());
    limits.check(scope == Scope.SEARCH ? Part.SEARCH : Part.CONTROL, Integer.toString(token.id()));
    if (!token.scopes().contains(scope)) {
      throw new Refusal(403, "FORBIDDEN", "The token lacks the scope \"" + scope.text() + "\"");
    }
    return token;
  }

  /**
   * Lets only the deployment's admin token pass.
   *
   * @throws Refusal {@code 401} without it
   */
  public void admin(ApiRequest request) {
    if (!isCountedAdmins(sentToken(request).hash())) {
      throw unauthorized("This call takes the deployment's admin token");
    }
  }

  private boolean isCountedAdmins(String hash) {
    boolean admins =
        MessageDigest.isEqual(
            hash.getBytes(StandardCharsets.US_ASCII),
            adminTokenHash.getBytes(StandardCharsets.US_ASCII));
    if (admins) {
      limits.check(Part.CONTROL, "admin");
    }
    return admins;
  }

  /** {@code 401}: also of a token whose account was removed since the token was read. */
  public static Refusal invalidToken() {
    return unauthorized("The API token is not valid");
  }

  private static Token sentToken(ApiRequest request) {
    Optional<String> token = request.header(API_TOKEN_HEADER);
    return new Token(
        token.orElseThrow(() -> unauthorized("The header X-API-TOKEN is missing")).strip());
  }

  private static Refusal unauthorized(String message) {
    return new Refusal(401, "UNAUTHORIZED", message);
  }
}
