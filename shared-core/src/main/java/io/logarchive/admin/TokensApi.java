package io.logarchive.admin;

import io.logarchive.account.AccountJson;
import io.logarchive.account.AccountStore;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.Administrator;
import io.logarchive.account.Authentication;
import io.logarchive.account.MakeToken;
import io.logarchive.account.RevokeToken;
import io.logarchive.account.RotateToken;
import io.logarchive.account.Scope;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.PathId;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.RequestTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code .../{id}/tokens}: an account's tokens, for the deployment's administrator and for the
 * account's own tokens with the scope {@code accounts}.
 */
public final class TokensApi {
  private static final String TOKENS = AccountsApi.ACCOUNT + "/tokens";
  private static final int MAX_NAME_LENGTH = 100;
  private static final int MOST_DAYS = 3650;
  private static final Duration OVERLAP = Duration.ofHours(1);
  private static final Duration LONGEST_OVERLAP = Duration.ofDays(7);
  private static final String SCOPES =
      EnumSet.allOf(Scope.class).stream().map(Scope::text).collect(Collectors.joining(", "));

  private final Authentication authentication;
  private final AccountStore accounts;
  private final MakeToken makeToken;
  private final RotateToken rotateToken;
  private final RevokeToken revokeToken;
  private final InstantSource clock;

  public TokensApi(
      Authentication authentication,
      AccountStore accounts,
      MakeToken makeToken,
      RotateToken rotateToken,
      RevokeToken revokeToken,
      InstantSource clock) {
    this.authentication = authentication;
    this.accounts = accounts;
    this.makeToken = makeToken;
    this.rotateToken = rotateToken;
    this.revokeToken = revokeToken;
    this.clock = clock;
  }

  public Routes routes() {
    return Routes.none()
        .and("GET", TOKENS, this::list)
        .and("POST", TOKENS, this::make)
        .and("DELETE", TOKENS + "/{token}", this::revoke)
        .and("POST", TOKENS + "/{token}/rotate", this::rotate);
  }

  private ApiResponse list(ApiRequest request, Map<String, String> variables) {
    Administrator administrator = administrator(request);
    AccountTokens tokens =
        accounts
            .tokens(accountId(administrator, variables))
            .orElseThrow(TokensApi::noSuchAccount)
            .at(clock.instant());
    return ApiResponse.json(
        200,
        new JsonValue.Array(tokens.tokens().stream().<JsonValue>map(AccountJson::of).toList()));
  }

  private ApiResponse make(ApiRequest request, Map<String, String> variables) {
    Administrator administrator = administrator(request);
    int accountId = accountId(administrator, variables);
    Fields body = request.json();
    return switch (makeToken.run(
        administrator,
        accountId,
        new MakeToken.Request(name(body), scopes(body), expiresAt(body)))) {
      case MakeToken.Outcome.Made made ->
          ApiResponse.json(
              200, AccountJson.builder(made.stored()).put("token", made.token().value()).build());
      case MakeToken.Outcome.NoSuchAccount absent -> throw noSuchAccount();
      case MakeToken.Outcome.NameInUse used ->
          throw Refusal.conflict(
              "TOKEN_NAME_IN_USE",
              "The account has a token with this name: take another name, or rotate or remove"
                  + " that token");
      case MakeToken.Outcome.TooMany many -> throw tooMany(many.most());
      case MakeToken.Outcome.Lacks lacks -> throw lacks(lacks.scopes());
    };
  }

  private ApiResponse revoke(ApiRequest request, Map<String, String> variables) {
    Administrator administrator = administrator(request);
    int accountId = accountId(administrator, variables);
    boolean revoked =
        PathId.of(variables.get("token"))
            .filter(tokenId -> revokeToken.run(administrator, accountId, tokenId))
            .isPresent();
    if (!revoked) {
      throw noSuchToken(accountId);
    }
    return ApiResponse.empty(200);
  }

  private ApiResponse rotate(ApiRequest request, Map<String, String> variables) {
    Administrator administrator = administrator(request);
    int accountId = accountId(administrator, variables);
    Fields body = request.body().length == 0 ? Fields.of(JsonObject.EMPTY) : request.json();
    RotateToken.Request asked = new RotateToken.Request(overlap(body), expiresAt(body));
    int tokenId = PathId.of(variables.get("token")).orElseThrow(() -> noSuchToken(accountId));
    return switch (rotateToken.run(administrator, accountId, tokenId, asked)) {
      case RotateToken.Outcome.Rotated rotated ->
          ApiResponse.json(
              200,
              AccountJson.builder(rotated.stored())
                  .put("token", rotated.token().value())
                  .put("replaced", AccountJson.of(rotated.old()))
                  .build());
      case RotateToken.Outcome.NoSuchAccount absent -> throw noSuchAccount();
      case RotateToken.Outcome.NoSuchToken absent -> throw noSuchToken(accountId);
      case RotateToken.Outcome.RotatedBefore before ->
          throw Refusal.conflict(
              "TOKEN_ROTATED",
              "The token was rotated before, to the token "
                  + before.replacedBy()
                  + ": rotate that one");
      case RotateToken.Outcome.TooMany many -> throw tooMany(many.most());
      case RotateToken.Outcome.Lacks lacks -> throw lacks(lacks.scopes());
    };
  }

  private Administrator administrator(ApiRequest request) {
    return authentication.administrator(request, Scope.ACCOUNTS);
  }

  /** Foreign ones are refused here, before anything is looked at, as absent ones are. */
  private static int accountId(Administrator administrator, Map<String, String> variables) {
    return PathId.of(variables.get("id"))
        .filter(administrator::reaches)
        .orElseThrow(TokensApi::noSuchAccount);
  }

  private static Refusal noSuchAccount() {
    return AccountsApi.notFound();
  }

  private Refusal noSuchToken(int accountId) {
    return accounts.tokens(accountId).isEmpty()
        ? noSuchAccount()
        : Refusal.notFound("A token with this id");
  }

  private static Refusal tooMany(int most) {
    return Refusal.conflict(
        "TOO_MANY_TOKENS",
        "An account has at most "
            + most
            + " tokens: remove those that are not needed; one that was rotated counts until its"
            + " overlap is over");
  }

  private static Refusal lacks(Set<Scope> scopes) {
    return new Refusal(
        403,
        "FORBIDDEN",
        "The token lacks what it would give: the scope "
            + scopes.stream()
                .sorted()
                .map(scope -> "\"" + scope.text() + "\"")
                .collect(Collectors.joining(", ")));
  }

  private static String name(Fields body) {
    String name = body.requiredName("name");
    if (name.length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException("name", "may have " + MAX_NAME_LENGTH + " characters");
    }
    return name;
  }

  private static Set<Scope> scopes(Fields body) {
    List<JsonValue> values =
        body.array("scopes")
            .filter(sent -> !sent.isEmpty())
            .orElseThrow(() -> new InvalidFieldException("scopes", "is required: " + SCOPES));
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    values.forEach(value -> scopes.add(scope(value)));
    if (scopes.contains(Scope.INGEST) && scopes.size() > 1 && !scopes.contains(Scope.ACCOUNTS)) {
      throw new InvalidFieldException(
          "scopes",
          "may have \"ingest\" alone, which makes a shipping token, or beside \"accounts\", to make"
              + " shipping tokens with: make one token for the API and one for the shipper");
    }
    return scopes;
  }

  private static Scope scope(JsonValue value) {
    return Optional.of(value)
        .filter(JsonValue.Text.class::isInstance)
        .flatMap(text -> scope(((JsonValue.Text) text).value()))
        .orElseThrow(() -> new InvalidFieldException("scopes", "may hold only " + SCOPES));
  }

  private static Optional<Scope> scope(String text) {
    return EnumSet.allOf(Scope.class).stream()
        .filter(scope -> scope.text().equals(text))
        .findFirst();
  }

  private @Nullable Instant expiresAt(Fields body) {
    Instant now = clock.instant();
    if (!body.has("expiresAt")) {
      return body.integer("expiresInDays", 1, MOST_DAYS)
          .map(days -> now.plus(Duration.ofDays(days)))
          .orElse(null);
    }
    if (body.has("expiresInDays")) {
      throw new InvalidFieldException("expiresAt", "goes only without expiresInDays");
    }
    Instant expiresAt = RequestTime.of(body, "expiresAt").instant();
    if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(Duration.ofDays(MOST_DAYS)))) {
      throw new InvalidFieldException(
          "expiresAt", "must be a time to come, at most " + MOST_DAYS + " days from now");
    }
    return expiresAt;
  }

  private static Duration overlap(Fields body) {
    return body.integer("overlapSeconds", 0, (int) LONGEST_OVERLAP.toSeconds())
        .map(Duration::ofSeconds)
        .orElse(OVERLAP);
  }
}
