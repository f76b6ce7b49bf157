package io.logarchive.stored;

import io.logarchive.account.AccountTokens;
import io.logarchive.account.Scope;
import io.logarchive.account.TokenRecord;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Tokens as they are stored: each by itself, and all of an account together. */
public final class StoredTokens {
  private StoredTokens() {}

  public static Stored of(AccountTokens tokens) {
    return Stored.empty()
        .number("accountId", tokens.accountId())
        .list("tokens", tokens.tokens(), StoredTokens::of)
        .number("version", tokens.version());
  }

  public static AccountTokens read(Stored stored) {
    return new AccountTokens(
        stored.integer("accountId"),
        stored.list("tokens", StoredTokens::token),
        stored.number("version"));
  }

  public static Stored of(TokenRecord token) {
    return Stored.empty()
        .number("id", token.id())
        .text("hash", token.hash())
        .number("accountId", token.accountId())
        .text("name", token.name())
        .text("scopes", token.scopes().stream().map(Scope::text).collect(Collectors.joining(" ")))
        .time("createdAt", token.createdAt())
        .time("expiresAt", token.expiresAt())
        .number("replacedBy", token.replacedBy());
  }

  public static TokenRecord token(Stored stored) {
    return new TokenRecord(
        stored.integer("id"),
        stored.text("hash"),
        stored.integer("accountId"),
        stored.text("name"),
        scopes(stored.text("scopes")),
        stored.time("createdAt"),
        stored.optionalTime("expiresAt"),
        stored.optionalInteger("replacedBy"));
  }

  private static Set<Scope> scopes(String texts) {
    return Arrays.stream(texts.split(" "))
        .filter(text -> !text.isEmpty())
        .map(Scope::of)
        .collect(Collectors.toSet());
  }
}
