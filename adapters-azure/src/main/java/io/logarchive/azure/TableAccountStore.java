package io.logarchive.azure;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.TokenRecord;
import io.logarchive.audit.AuditEntry;
import io.logarchive.azure.AzureTable.Change;
import io.logarchive.azure.AzureTable.Delete;
import io.logarchive.azure.AzureTable.DeleteIf;
import io.logarchive.azure.AzureTable.Insert;
import io.logarchive.azure.AzureTable.Put;
import io.logarchive.azure.AzureTable.Replace;
import io.logarchive.azure.TableRow.Found;
import io.logarchive.stored.Stored;
import io.logarchive.stored.StoredAccount;
import io.logarchive.stored.StoredTokens;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Accounts and tokens in the deployment's table. */
public final class TableAccountStore implements AccountStore {
  private final AzureTable table;
  private final TableAuditLog audit;
  private final InstantSource clock;

  public TableAccountStore(AzureTable table, TableAuditLog audit, InstantSource clock) {
    this.table = table;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public boolean create(Account account, List<TokenRecord> tokens, AuditEntry entry) {
    List<Change> changes = new ArrayList<>();
    changes.add(claim(account.id(), "account"));
    changes.add(Change.version(row(account), account.version()));
    changes.add(version(AccountTokens.first(account.id(), tokens)));
    tokens.forEach(token -> changes.addAll(made(token)));
    changes.add(audit.inControl(entry));
    return table.changeAll(changes).isEmpty();
  }

  @Override
  public Optional<Account> find(int accountId) {
    return table.find(TableKeys.account(accountId)).map(TableAccountStore::account);
  }

  @Override
  public List<Account> list(int aboveId, int most) {
    return table
        .query(
            TableKeys.CONTROL,
            TableKeys.account(aboveId).row(),
            TableKeys.ACCOUNTS + TableKeys.END,
            most)
        .stream()
        .map(TableAccountStore::account)
        .toList();
  }

  @Override
  public boolean update(Account account, AuditEntry entry) {
    return account.version() > 1
        && table
            .changeAll(
                List.of(Change.version(row(account), account.version()), audit.inControl(entry)))
            .isEmpty();
  }

  @Override
  public Optional<TokenRecord> findToken(String hash) {
    return table.find(TableKeys.token(hash)).map(found -> StoredTokens.token(found.values()));
  }

  @Override
  public Optional<AccountTokens> tokens(int accountId) {
    return table.find(TableKeys.tokens(accountId)).map(found -> StoredTokens.read(found.values()));
  }

  @Override
  public boolean changeTokens(AccountTokens before, AccountTokens after, AuditEntry entry) {
    List<Change> changes = new ArrayList<>();
    changes.add(version(after));
    for (TokenRecord token : after.tokens()) {
      Optional<TokenRecord> stored = before.withId(token.id());
      if (stored.isEmpty()) {
        changes.addAll(made(token));
      } else if (!stored.get().equals(token)) {
        changes.add(new Put(row(token)));
      }
    }
    for (TokenRecord token : before.tokens()) {
      if (after.withId(token.id()).isEmpty()) {
        changes.add(new Delete(TableKeys.token(token.hash())));
      }
    }
    changes.add(audit.inControl(entry));
    return after.version() == before.version() + 1 && table.changeAll(changes).isEmpty();
  }

  @Override
  public Removed remove(AccountTokens tokens, AuditEntry entry) {
    int accountId = tokens.accountId();
    if (tokens(accountId).filter(stored -> stored.version() == tokens.version()).isEmpty()) {
      return Removed.CHANGED;
    }
    if (!table.change(SlotsRow.close(accountId, entry.id(), clock.instant()))) {
      return Removed.IN_USE;
    }
    List<Change> changes = new ArrayList<>();
    changes.add(noSettings(accountId));
    changes.add(DeleteIf.version(TableKeys.tokens(accountId), tokens.version()));
    changes.add(new Delete(TableKeys.account(accountId)));
    tokens.tokens().forEach(token -> changes.add(new Delete(TableKeys.token(token.hash()))));
    changes.add(audit.inControl(entry));
    List<Integer> failed = table.changeAll(changes);
    if (failed.isEmpty()) {
      return Removed.YES;
    }
    table.change(SlotsRow.open(accountId, entry.id()));
    return failed.contains(1) ? Removed.CHANGED : Removed.IN_USE;
  }

  /**
   * That there are none cannot be asked for in a transaction. So a record of version 0 is put in
   * their place, which the first version of settings may replace.
   */
  private static Replace noSettings(int accountId) {
    TableRow none = TableRow.of(TableKeys.settings(accountId), Stored.empty().number("version", 0));
    return Replace.version(none, 1);
  }

  private static List<Change> made(TokenRecord token) {
    return List.of(claim(token.id(), "token"), new Insert(row(token)));
  }

  private static Insert claim(int id, String kind) {
    return new Insert(TableRow.of(TableKeys.id(id), Stored.empty().text("kind", kind)));
  }

  private static Change version(AccountTokens tokens) {
    return Change.version(
        TableRow.of(TableKeys.tokens(tokens.accountId()), StoredTokens.of(tokens)),
        tokens.version());
  }

  private static TableRow row(Account account) {
    return TableRow.of(TableKeys.account(account.id()), StoredAccount.of(account));
  }

  private static TableRow row(TokenRecord token) {
    return TableRow.of(TableKeys.token(token.hash()), StoredTokens.of(token));
  }

  private static Account account(Found found) {
    return StoredAccount.read(found.values());
  }
}
