package io.logarchive.testkit;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.TokenRecord;
import io.logarchive.audit.AuditEntry;
import java.util.List;
import java.util.Optional;

/** Passes every call on; tests change what they need. */
public class AccountStoreDecorator implements AccountStore {
  private final AccountStore accounts;

  public AccountStoreDecorator(AccountStore accounts) {
    this.accounts = accounts;
  }

  @Override
  public boolean create(Account account, List<TokenRecord> tokens, AuditEntry entry) {
    return accounts.create(account, tokens, entry);
  }

  @Override
  public Optional<Account> find(int accountId) {
    return accounts.find(accountId);
  }

  @Override
  public Optional<TokenRecord> findToken(String hash) {
    return accounts.findToken(hash);
  }

  @Override
  public List<Account> list(int aboveId, int most) {
    return accounts.list(aboveId, most);
  }

  @Override
  public boolean update(Account account, AuditEntry entry) {
    return accounts.update(account, entry);
  }

  @Override
  public Optional<AccountTokens> tokens(int accountId) {
    return accounts.tokens(accountId);
  }

  @Override
  public boolean changeTokens(AccountTokens before, AccountTokens after, AuditEntry entry) {
    return accounts.changeTokens(before, after, entry);
  }

  @Override
  public Removed remove(AccountTokens tokens, AuditEntry entry) {
    return accounts.remove(tokens, entry);
  }
}
