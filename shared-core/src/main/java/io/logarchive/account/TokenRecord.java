package io.logarchive.account;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a token.
 *
 * @param id unique over the whole deployment; names the token in the API and in records of what it
 *     did
 * @param hash SHA-256 of the token, in hex
 * @param name what people call it; unique among those of its account that were not rotated
 * @param expiresAt from then on it is refused; null for never
 * @param replacedBy the token that it was rotated to; null if it was not
 */
public record TokenRecord(
    int id,
    String hash,
    int accountId,
    String name,
    Set<Scope> scopes,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Integer replacedBy) {
  private static final Set<Scope> SHIPPING = Set.of(Scope.INGEST);

  public TokenRecord {
    scopes = Set.copyOf(scopes);
    if (hash.length() != 64) {
      throw new IllegalArgumentException("Not a SHA-256 in hex: " + hash.length() + " characters");
    }
  }

  /** A new token, which has replaced none. */
  public static TokenRecord made(
      int id,
      String hash,
      int accountId,
      String name,
      Set<Scope> scopes,
      Instant createdAt,
      @Nullable Instant expiresAt) {
    return new TokenRecord(id, hash, accountId, name, scopes, createdAt, expiresAt, null);
  }

  /** A token that may send logs, and nothing else, is a shipping token. */
  public Token.Kind kind() {
    return kind(scopes);
  }

  static Token.Kind kind(Set<Scope> scopes) {
    return scopes.equals(SHIPPING) ? Token.Kind.SHIPPING : Token.Kind.API;
  }

  boolean validAt(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }

  /** It ends at this time, or before if it was to. */
  TokenRecord replacedBy(int successor, Instant end) {
    return new TokenRecord(
        id,
        hash,
        accountId,
        name,
        scopes,
        createdAt,
        expiresAt != null && expiresAt.isBefore(end) ? expiresAt : end,
        successor);
  }
}
