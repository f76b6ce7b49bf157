package io.logarchive.account;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All tokens of an account, in the order in which they were made. One record an account, so that
 * names, their number and who may still make more are decided by one conditional write.
 *
 * @param version counts the writes of this record from 1 on; a write states the next
 */
public record AccountTokens(int accountId, List<TokenRecord> tokens, long version) {
  public AccountTokens {
    tokens = List.copyOf(tokens);
  }

  /** Those that an account is created with. */
  public static AccountTokens first(int accountId, List<TokenRecord> tokens) {
    return new AccountTokens(accountId, tokens, 1);
  }

  public Optional<TokenRecord> withId(int tokenId) {
    return tokens.stream().filter(token -> token.id() == tokenId).findFirst();
  }

  /** Without those that were rotated and whose overlap is over. */
  public AccountTokens at(Instant now) {
    return only(token -> token.replacedBy() == null || token.validAt(now), version);
  }

  /** The token that has this name; those that were rotated no longer have theirs. */
  Optional<TokenRecord> named(String name) {
    return tokens.stream()
        .filter(token -> token.replacedBy() == null && token.name().equals(name))
        .findFirst();
  }

  public AccountTokens with(TokenRecord token) {
    List<TokenRecord> more = new ArrayList<>(tokens);
    more.add(token);
    return new AccountTokens(accountId, more, version + 1);
  }

  public AccountTokens without(int tokenId) {
    return only(token -> token.id() != tokenId, version + 1);
  }

  /** With a successor, which has the name from now on, of a token that ends at this time. */
  public AccountTokens rotated(TokenRecord old, TokenRecord successor, Instant end) {
    TokenRecord ending = old.replacedBy(successor.id(), end);
    AccountTokens more = with(successor);
    return new AccountTokens(
        accountId,
        more.tokens().stream().map(each -> each.id() == old.id() ? ending : each).toList(),
        more.version());
  }

  private AccountTokens only(Predicate<TokenRecord> kept, long next) {
    return new AccountTokens(accountId, tokens.stream().filter(kept).toList(), next);
  }
}
