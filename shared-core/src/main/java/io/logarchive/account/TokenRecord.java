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
 * @param name what people call it; unique within its account
 * @param expiresAt from then on it is refused; null for never
 */
public record TokenRecord(
    int id,
    String hash,
    int accountId,
    String name,
    Set<Scope> scopes,
    Instant createdAt,
    @Nullable Instant expiresAt) {

  public TokenRecord {
    scopes = Set.copyOf(scopes);
    if (hash.length() != 64) {
      throw new IllegalArgumentException("Not a SHA-256 in hex: " + hash.length() + " characters");
    }
  }

  boolean validAt(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }
}
