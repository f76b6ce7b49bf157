package io.logarchive.aws;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.TokenRecord;
import io.logarchive.audit.AuditEntry;
import io.logarchive.stored.StoredAccount;
import io.logarchive.stored.StoredTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Accounts and tokens in the deployment's table. */
public final class DynamoDbAccountStore implements AccountStore {
  private final DynamoDbTable table;
  private final DynamoDbAuditLog audit;

  public DynamoDbAccountStore(DynamoDbTable table, DynamoDbAuditLog audit) {
    this.table = table;
    this.audit = audit;
  }

  @Override
  public boolean create(Account account, List<TokenRecord> tokens, AuditEntry entry) {
    List<DynamoDbTable.Change> changes = new ArrayList<>();
    changes.add(claim(account.id(), "account"));
    changes.add(DynamoDbTable.Write.version(item(account), account.version()));
    changes.add(version(AccountTokens.first(account.id(), tokens)));
    tokens.forEach(token -> changes.addAll(made(token)));
    changes.add(audit.write(entry));
    return table.changeAll(changes).isEmpty();
  }

  @Override
  public Optional<Account> find(int accountId) {
    return table.find(Keys.account(accountId)).map(DynamoDbAccountStore::account);
  }

  @Override
  public List<Account> list(int aboveId, int most) {
    return table
        .query(
            QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND sk > :above")
                .expressionAttributeValues(
                    Map.of(
                        ":pk", AttributeValue.fromS(Keys.ACCOUNTS),
                        ":above", AttributeValue.fromS(Keys.account(aboveId).sk()))),
            most)
        .stream()
        .map(DynamoDbAccountStore::account)
        .toList();
  }

  @Override
  public boolean update(Account account, AuditEntry entry) {
    // As a transaction: see DynamoDbRestoreStore.
    return account.version() > 1
        && table
            .changeAll(
                List.of(
                    DynamoDbTable.Write.version(item(account), account.version()),
                    audit.write(entry)))
            .isEmpty();
  }

  @Override
  public Optional<TokenRecord> findToken(String hash) {
    return table.find(Keys.token(hash)).map(DynamoDbAccountStore::token);
  }

  @Override
  public Optional<AccountTokens> tokens(int accountId) {
    return table.find(Keys.tokens(accountId)).map(DynamoDbAccountStore::tokens);
  }

  @Override
  public boolean changeTokens(AccountTokens before, AccountTokens after, AuditEntry entry) {
    List<DynamoDbTable.Change> changes = new ArrayList<>();
    changes.add(version(after));
    for (TokenRecord token : after.tokens()) {
      Optional<TokenRecord> stored = before.withId(token.id());
      if (stored.isEmpty()) {
        changes.addAll(made(token));
      } else if (!stored.get().equals(token)) {
        changes.add(new DynamoDbTable.Write(item(token), null, Map.of()));
      }
    }
    for (TokenRecord token : before.tokens()) {
      if (after.withId(token.id()).isEmpty()) {
        changes.add(DynamoDbTable.Removal.of(Keys.token(token.hash())));
      }
    }
    changes.add(audit.write(entry));
    return after.version() == before.version() + 1 && table.changeAll(changes).isEmpty();
  }

  @Override
  public Removed remove(AccountTokens tokens, AuditEntry entry) {
    int accountId = tokens.accountId();
    List<DynamoDbTable.Change> changes = new ArrayList<>();
    changes.add(DynamoDbTable.Check.absent(Keys.settings(accountId)));
    changes.add(DynamoDbTable.Check.empty(Keys.slots(accountId), "holders"));
    changes.add(DynamoDbTable.Removal.version(Keys.tokens(accountId), tokens.version()));
    changes.add(DynamoDbTable.Removal.of(Keys.account(accountId)));
    tokens
        .tokens()
        .forEach(token -> changes.add(DynamoDbTable.Removal.of(Keys.token(token.hash()))));
    changes.add(audit.write(entry));
    List<Integer> failed = table.changeAll(changes);
    if (failed.isEmpty()) {
      return Removed.YES;
    }
    return failed.contains(2) ? Removed.CHANGED : Removed.IN_USE;
  }

  private static List<DynamoDbTable.Change> made(TokenRecord token) {
    return List.of(claim(token.id(), "token"), DynamoDbTable.Write.first(item(token)));
  }

  private static DynamoDbTable.Write claim(int id, String kind) {
    return DynamoDbTable.Write.first(Keys.id(id).item().text("kind", kind));
  }

  private static DynamoDbTable.Write version(AccountTokens tokens) {
    return DynamoDbTable.Write.version(
        Keys.tokens(tokens.accountId()).item().all(StoredTokens.of(tokens)), tokens.version());
  }

  private static AccountTokens tokens(Attributes item) {
    return StoredTokens.read(item.stored());
  }

  private static Attributes item(Account account) {
    return Keys.account(account.id()).item().all(StoredAccount.of(account));
  }

  private static Account account(Attributes item) {
    return StoredAccount.read(item.stored());
  }

  private static Attributes item(TokenRecord token) {
    return Keys.token(token.hash()).item().all(StoredTokens.of(token));
  }

  private static TokenRecord token(Attributes item) {
    return StoredTokens.token(item.stored());
  }
}
