package io.logarchive.account;

import java.util.List;
import java.util.Optional;

/**
 * Keeps accounts and tokens. Reads see every write that was answered before them. Safe for
 * concurrent use; failures are {@link io.logarchive.fault.ServiceException}s.
 */
public interface AccountStore {

  /**
   * Adds an account and its first tokens, all or nothing.
   *
   * @return false if an id, the account's or a token's, is taken by anything in the deployment;
   *     nothing is stored then
   */
  boolean create(Account account, List<TokenRecord> tokens);

  Optional<Account> find(int accountId);

  /** The token with this SHA-256, expired or not. */
  Optional<TokenRecord> findToken(String hash);

  /**
   * Removes an account and all its tokens, the tokens first: one that failed on the way is to be
   * called again. Their ids stay taken.
   *
   * @return false if there is no such account
   */
  boolean remove(int accountId);
}
