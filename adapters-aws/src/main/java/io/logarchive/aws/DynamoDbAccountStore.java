package io.logarchive.aws;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Scope;
import io.logarchive.account.TokenRecord;
import io.logarchive.account.Uid;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Accounts and tokens in the deployment's table. */
public final class DynamoDbAccountStore implements AccountStore {
  private final DynamoDbTable table;

  public DynamoDbAccountStore(DynamoDbTable table) {
    this.table = table;
  }

  @Override
  public boolean create(Account account, List<TokenRecord> tokens) {
    List<DynamoDbTable.Write> writes = new ArrayList<>();
    writes.add(DynamoDbTable.Write.first(Keys.id(account.id()).item().text("kind", "account")));
    writes.add(DynamoDbTable.Write.first(item(account)));
    for (TokenRecord token : tokens) {
      writes.add(DynamoDbTable.Write.first(Keys.id(token.id()).item().text("kind", "token")));
      writes.add(DynamoDbTable.Write.first(item(token)));
      writes.add(DynamoDbTable.Write.first(nameItem(token)));
    }
    return table.changeAll(writes).isEmpty();
  }

  @Override
  public Optional<Account> find(int accountId) {
    return table.find(Keys.account(accountId)).map(DynamoDbAccountStore::account);
  }

  @Override
  public Optional<TokenRecord> findToken(String hash) {
    return table.find(Keys.token(hash)).map(DynamoDbAccountStore::token);
  }

  @Override
  public boolean remove(int accountId) {
    for (Attributes name : table.query(namesOfTokens(accountId), Integer.MAX_VALUE)) {
      table.changeAll(
          List.of(
              DynamoDbTable.Removal.of(Keys.token(name.text("hash"))),
              DynamoDbTable.Removal.of(Keys.tokenName(accountId, name.text("name")))));
    }
    return table
        .changeAll(List.of(DynamoDbTable.Removal.existing(Keys.account(accountId))))
        .isEmpty();
  }

  private static QueryRequest.Builder namesOfTokens(int accountId) {
    return QueryRequest.builder()
        .keyConditionExpression("pk = :pk AND begins_with(sk, :tokens)")
        .expressionAttributeValues(
            Map.of(
                ":pk", AttributeValue.fromS(Keys.accountPartition(accountId)),
                ":tokens", AttributeValue.fromS(Keys.TOKENS)));
  }

  private static Attributes nameItem(TokenRecord token) {
    return Keys.tokenName(token.accountId(), token.name())
        .item()
        .text("name", token.name())
        .text("hash", token.hash());
  }

  private static Attributes item(Account account) {
    return Keys.account(account.id())
        .item()
        .number("id", account.id())
        .text("uid", account.uid().value())
        .text("name", account.name())
        .text("maxDailyGb", account.maxDailyGb().toString())
        .time("createdAt", account.createdAt());
  }

  private static Account account(Attributes item) {
    return new Account(
        item.integer("id"),
        new Uid(item.text("uid")),
        item.text("name"),
        new BigDecimal(item.text("maxDailyGb")),
        item.time("createdAt"));
  }

  private static Attributes item(TokenRecord token) {
    return Keys.token(token.hash())
        .item()
        .number("id", token.id())
        .text("hash", token.hash())
        .number("accountId", token.accountId())
        .text("name", token.name())
        .text("scopes", token.scopes().stream().map(Scope::text).collect(Collectors.joining(" ")))
        .time("createdAt", token.createdAt())
        .time("expiresAt", token.expiresAt());
  }

  private static TokenRecord token(Attributes item) {
    return new TokenRecord(
        item.integer("id"),
        item.text("hash"),
        item.integer("accountId"),
        item.text("name"),
        scopes(item.text("scopes")),
        item.time("createdAt"),
        item.optionalTime("expiresAt"));
  }

  private static Set<Scope> scopes(String texts) {
    return Arrays.stream(texts.split(" "))
        .filter(text -> !text.isEmpty())
        .map(Scope::of)
        .collect(Collectors.toSet());
  }
}
