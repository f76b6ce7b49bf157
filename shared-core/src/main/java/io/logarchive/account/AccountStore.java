package io.logarchive.account;

import io.logarchive.audit.AuditEntry;
import java.util.List;
import java.util.Optional;

/**
 * Keeps accounts and tokens. Reads see every write that was answered before them. Each change is
 * made whole or not at all, and its audit entry with it. Safe for concurrent use; failures are
 * {@link io.logarchive.fault.ServiceException}s.
 */
public interface AccountStore {

  /** What came of a removal. */
  enum Removed {
    YES,
    /** These are not the account's tokens as they are now, or there is no such account. */
    CHANGED,
    /** The account has archive settings, or restores that hold a slot. */
    IN_USE
  }

  /**
   * Adds an account, in its version 1, and its first tokens.
   *
   * @param tokens at most 25
   * @return false if an id, the account's or a token's, is taken by anything in the deployment;
   *     nothing is stored then
   */
  boolean create(Account account, List<TokenRecord> tokens, AuditEntry entry);

  Optional<Account> find(int accountId);

  /**
   * Accounts whose ids are above this one, in the order of ids.
   *
   * @param most as many at the most; fewer only if there are no more
   */
  List<Account> list(int aboveId, int most);

  /**
   * Stores an account over the version just before.
   *
   * @return false if another version is stored, or none
   */
  boolean update(Account account, AuditEntry entry);

  /** The token with this SHA-256, expired or not. */
  Optional<TokenRecord> findToken(String hash);

  /** All tokens of an account, expired or not; empty if there is no such account. */
  Optional<AccountTokens> tokens(int accountId);

  /**
   * Stores an account's tokens over the version just before, and all that follows: new ones are
   * found from then on, those that are gone no longer.
   *
   * @param before as they were read
   * @param after the next version, of at most 50 tokens, with at most 25 new ones
   * @return false if another version than {@code before} is stored, or none, or the id of a new
   *     token is taken by anything in the deployment; nothing is stored then
   */
  boolean changeTokens(AccountTokens before, AccountTokens after, AuditEntry entry);

  /**
   * Removes an account and all its tokens, unless it has something. Their ids stay taken.
   *
   * @param tokens the account's, as they were read
   */
  Removed remove(AccountTokens tokens, AuditEntry entry);
}
