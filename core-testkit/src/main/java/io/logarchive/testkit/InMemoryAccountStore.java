package io.logarchive.testkit;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.TokenRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Accounts and tokens in memory. */
public final class InMemoryAccountStore implements AccountStore {
  private final InMemoryIds ids;
  private final Map<Integer, Account> accounts = new HashMap<>();
  private final Map<String, TokenRecord> tokens = new HashMap<>();

  public InMemoryAccountStore(InMemoryIds ids) {
    this.ids = ids;
  }

  @Override
  public synchronized boolean create(Account account, List<TokenRecord> first) {
    List<Integer> claimed =
        Stream.concat(Stream.of(account.id()), first.stream().map(TokenRecord::id)).toList();
    if (!ids.claimAll(claimed)) {
      return false;
    }
    accounts.put(account.id(), account);
    first.forEach(token -> tokens.put(token.hash(), token));
    return true;
  }

  @Override
  public synchronized Optional<Account> find(int accountId) {
    return Optional.ofNullable(accounts.get(accountId));
  }

  @Override
  public synchronized Optional<TokenRecord> findToken(String hash) {
    return Optional.ofNullable(tokens.get(hash));
  }

  @Override
  public synchronized boolean remove(int accountId) {
    tokens.values().removeIf(token -> token.accountId() == accountId);
    return accounts.remove(accountId) != null;
  }
}
