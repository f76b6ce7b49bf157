package io.logarchive.account;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;

/** Accounts and tokens as replies and audit entries show them: never a token, nor its hash. */
public final class AccountJson {
  private AccountJson() {}

  public static JsonObject of(Account account) {
    return JsonObject.builder()
        .put("accountId", account.id())
        .put("accountName", account.name())
        .put("maxDailyGB", new JsonValue.Num(account.maxDailyGb().toPlainString()))
        .put("createdAt", account.createdAt())
        .build();
  }

  public static JsonObject of(TokenRecord token) {
    return builder(token).build();
  }

  /** The same, to which a reply adds what only it tells. */
  public static JsonObject.Builder builder(TokenRecord token) {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("id", token.id())
            .put("name", token.name())
            .put("kind", kind(token.kind()))
            .put(
                "scopes",
                token.scopes().stream()
                    .sorted()
                    .map(scope -> new JsonValue.Text(scope.text()))
                    .toList())
            .put("createdAt", token.createdAt())
            .put("expiresAt", token.expiresAt());
    return token.replacedBy() == null
        ? json.putNull("replacedBy")
        : json.put("replacedBy", token.replacedBy());
  }

  private static String kind(Token.Kind kind) {
    return switch (kind) {
      case API -> "api";
      case SHIPPING -> "shipping";
      case ADMIN -> throw new IllegalStateException("No account has the admin token");
    };
  }
}
