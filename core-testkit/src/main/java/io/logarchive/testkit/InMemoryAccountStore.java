package io.logarchive.testkit;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.TokenRecord;
import io.logarchive.audit.AuditEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Accounts and tokens in memory. */
public final class InMemoryAccountStore implements AccountStore {
  private final InMemoryIds ids;
  private final InMemoryArchiveSettingsStore settings;
  private final InMemoryRestoreStore restores;
  private final InMemoryAuditLog audit;
  private final NavigableMap<Integer, Account> accounts = new TreeMap<>();
  private final Map<Integer, AccountTokens> tokensByAccount = new HashMap<>();
  private final Map<String, TokenRecord> tokensByHash = new HashMap<>();

  /** Keeps accounts of the deployment whose other stores these are. */
  public InMemoryAccountStore(
      InMemoryIds ids,
      InMemoryArchiveSettingsStore settings,
      InMemoryRestoreStore restores,
      InMemoryAuditLog audit) {
    this.ids = ids;
    this.settings = settings;
    this.restores = restores;
    this.audit = audit;
  }

  @Override
  public synchronized boolean create(Account account, List<TokenRecord> first, AuditEntry entry) {
    List<Integer> claimed =
        Stream.concat(Stream.of(account.id()), first.stream().map(TokenRecord::id)).toList();
    if (!ids.claimAll(claimed)) {
      return false;
    }
    accounts.put(account.id(), account);
    tokensByAccount.put(account.id(), AccountTokens.first(account.id(), first));
    first.forEach(token -> tokensByHash.put(token.hash(), token));
    audit.add(entry);
    return true;
  }

  @Override
  public synchronized Optional<Account> find(int accountId) {
    return Optional.ofNullable(accounts.get(accountId));
  }

  @Override
  public synchronized List<Account> list(int aboveId, int most) {
    return accounts.tailMap(aboveId, false).values().stream().limit(most).toList();
  }

  @Override
  public synchronized boolean update(Account account, AuditEntry entry) {
    long stored = find(account.id()).map(Account::version).orElse(0L);
    if (stored == 0 || account.version() != stored + 1) {
      return false;
    }
    accounts.put(account.id(), account);
    audit.add(entry);
    return true;
  }

  @Override
  public synchronized Optional<TokenRecord> findToken(String hash) {
    return Optional.ofNullable(tokensByHash.get(hash));
  }

  @Override
  public synchronized Optional<AccountTokens> tokens(int accountId) {
    return Optional.ofNullable(tokensByAccount.get(accountId));
  }

  @Override
  public synchronized boolean changeTokens(
      AccountTokens before, AccountTokens after, AuditEntry entry) {
    List<Integer> made =
        after.tokens().stream()
            .map(TokenRecord::id)
            .filter(id -> before.withId(id).isEmpty())
            .toList();
    if (!isStored(before) || after.version() != before.version() + 1 || !ids.claimAll(made)) {
      return false;
    }
    before.tokens().forEach(token -> tokensByHash.remove(token.hash()));
    after.tokens().forEach(token -> tokensByHash.put(token.hash(), token));
    tokensByAccount.put(after.accountId(), after);
    audit.add(entry);
    return true;
  }

  @Override
  public synchronized Removed remove(AccountTokens tokens, AuditEntry entry) {
    if (!isStored(tokens)) {
      return Removed.CHANGED;
    }
    synchronized (settings) {
      synchronized (restores) {
        return settings.find(tokens.accountId()).isPresent()
                || !restores.slots(tokens.accountId()).holders().isEmpty()
            ? Removed.IN_USE
            : removed(tokens, entry);
      }
    }
  }

  private Removed removed(AccountTokens tokens, AuditEntry entry) {
    tokens.tokens().forEach(token -> tokensByHash.remove(token.hash()));
    tokensByAccount.remove(tokens.accountId());
    accounts.remove(tokens.accountId());
    audit.add(entry);
    return Removed.YES;
  }

  private boolean isStored(AccountTokens tokens) {
    return tokens(tokens.accountId())
        .filter(stored -> stored.version() == tokens.version())
        .isPresent();
  }
}
