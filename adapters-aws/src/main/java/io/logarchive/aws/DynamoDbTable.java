package io.logarchive.aws;

import io.logarchive.aws.AwsFault.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The one table of a deployment, which its stores share. Its design is in docs/dynamodb.md. */
public final class DynamoDbTable {
  static final String PK = "pk";
  static final String SK = "sk";

  /**
   * The sparse index of restores that hold a slot: partition {@value #LIVE}, sorted by {@value
   * #SK}.
   */
  static final String LIVE_INDEX = "live";

  static final String LIVE = "live";
  static final String VERSION = "version";

  /** When DynamoDB may delete an item, in seconds of epoch time. */
  static final String TTL = "ttl";

  private static final String TRANSACT = "TransactWriteItems";
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private final DynamoDbClient client;
  private final String name;

  public DynamoDbTable(AwsClients clients, String name) {
    this.client = clients.dynamoDb();
    this.name = name;
  }

  /** Where an item lies. */
  record Key(String pk, String sk) {
    Map<String, AttributeValue> values() {
      return Map.of(PK, AttributeValue.fromS(pk), SK, AttributeValue.fromS(sk));
    }

    Attributes item() {
      return Attributes.empty().text(PK, pk).text(SK, sk);
    }
  }

  /** A change of one item, and what has to hold of the stored one for it to be made. */
  sealed interface Change permits Write, Removal, Check {
    TransactWriteItem inTransaction(String table);
  }

  /** An item and what has to hold of the stored one for it to be written. */
  record Write(Attributes item, @Nullable String condition, Map<String, AttributeValue> values)
      implements Change {

    /** Whatever is there. */
    static Write of(Attributes item) {
      return new Write(item, null, Map.of());
    }

    /** Only where there is none. */
    static Write first(Attributes item) {
      return new Write(item, "attribute_not_exists(" + PK + ")", Map.of());
    }

    /** Only over the version just before; version 1 only where there is none. */
    static Write version(Attributes item, long version) {
      return version == 1
          ? first(item.number(VERSION, 1))
          : new Write(
              item.number(VERSION, version),
              VERSION + " = :before",
              Map.of(":before", AttributeValue.fromN(Long.toString(version - 1))));
    }

    @Override
    public TransactWriteItem inTransaction(String table) {
      Put.Builder put =
          Put.builder().tableName(table).item(item.values()).conditionExpression(condition);
      return TransactWriteItem.builder()
          .put((values.isEmpty() ? put : put.expressionAttributeValues(values)).build())
          .build();
    }
  }

  /** The removal of an item, and what has to hold of it. */
  record Removal(Key key, @Nullable String condition, Map<String, AttributeValue> values)
      implements Change {

    /** Whether it is there or not. */
    static Removal of(Key key) {
      return new Removal(key, null, Map.of());
    }

    /** Only where there is one. */
    static Removal existing(Key key) {
      return new Removal(key, "attribute_exists(" + PK + ")", Map.of());
    }

    /** Only of this version. */
    static Removal version(Key key, long version) {
      return new Removal(
          key,
          VERSION + " = :version",
          Map.of(":version", AttributeValue.fromN(Long.toString(version))));
    }

    @Override
    public TransactWriteItem inTransaction(String table) {
      Delete.Builder delete =
          Delete.builder().tableName(table).key(key.values()).conditionExpression(condition);
      return TransactWriteItem.builder()
          .delete((values.isEmpty() ? delete : delete.expressionAttributeValues(values)).build())
          .build();
    }
  }

  /** What has to hold of an item that stays as it is. */
  record Check(Key key, String condition, Map<String, AttributeValue> values) implements Change {

    /** There is none. */
    static Check absent(Key key) {
      return new Check(key, "attribute_not_exists(" + PK + ")", Map.of());
    }

    /** There is none, or this list in it has no members. */
    static Check empty(Key key, String list) {
      return new Check(
          key,
          "attribute_not_exists(" + PK + ") OR size(" + list + ") = :none",
          Map.of(":none", AttributeValue.fromN("0")));
    }

    @Override
    public TransactWriteItem inTransaction(String table) {
      ConditionCheck.Builder check =
          ConditionCheck.builder()
              .tableName(table)
              .key(key.values())
              .conditionExpression(condition);
      return TransactWriteItem.builder()
          .conditionCheck(
              (values.isEmpty() ? check : check.expressionAttributeValues(values)).build())
          .build();
    }
  }

  /**
   * One page of a query.
   *
   * @param last the key that the next page starts behind; empty if this is the last
   */
  record Page(List<Attributes> items, Map<String, AttributeValue> last) {}

  /**
   * Makes the table, as the deployment templates declare it, unless it is there. Nothing is deleted
   * by age in this one.
   */
  public void create() {
    AwsFault.call(
        "CreateTable",
        Effect.WRITE,
        () -> {
          try {
            client.createTable(
                table ->
                    table
                        .tableName(name)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(string(PK), string(SK), string(LIVE))
                        .keySchema(keys(PK, SK))
                        .globalSecondaryIndexes(
                            GlobalSecondaryIndex.builder()
                                .indexName(LIVE_INDEX)
                                .keySchema(keys(LIVE, SK))
                                .projection(all -> all.projectionType(ProjectionType.ALL))
                                .build()));
          } catch (ResourceInUseException e) {
            // It is there.
          }
          return client.waiter().waitUntilTableExists(table -> table.tableName(name));
        });
  }

  /** The item as of all writes answered before. */
  Optional<Attributes> find(Key key) {
    Map<String, AttributeValue> item =
        AwsFault.call(
            "GetItem",
            Effect.READ,
            () ->
                AwsFault.whole(
                        client.getItem(
                            get -> get.tableName(name).key(key.values()).consistentRead(true)))
                    .item());
    return item.isEmpty() ? Optional.empty() : Optional.of(Attributes.of(item));
  }

  /** False if the condition does not hold; nothing is written then. */
  boolean put(Write write) {
    return AwsFault.call(
        "PutItem",
        Effect.WRITE,
        () -> {
          try {
            client.putItem(
                put -> {
                  put.tableName(name)
                      .item(write.item().values())
                      .conditionExpression(write.condition());
                  if (!write.values().isEmpty()) {
                    put.expressionAttributeValues(write.values());
                  }
                });
            return true;
          } catch (ConditionalCheckFailedException e) {
            return false;
          }
        });
  }

  /**
   * Adds one to a number in an item, which is made if there is none.
   *
   * @param most the number stays as it is where it is this or more already
   * @param ttl when the item may be deleted
   * @return false if it stayed
   */
  boolean addOne(Key key, String number, int most, Instant ttl) {
    return AwsFault.call(
        "UpdateItem",
        Effect.WRITE,
        () -> {
          try {
            client.updateItem(
                update ->
                    update
                        .tableName(name)
                        .key(key.values())
                        .updateExpression("SET #ttl = :ttl ADD #number :one")
                        .conditionExpression("attribute_not_exists(#number) OR #number < :most")
                        .expressionAttributeNames(Map.of("#ttl", TTL, "#number", number))
                        .expressionAttributeValues(
                            Map.of(
                                ":ttl", number(ttl.getEpochSecond()),
                                ":one", number(1),
                                ":most", number(most))));
            return true;
          } catch (ConditionalCheckFailedException e) {
            return false;
          }
        });
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /**
   * Makes all changes or none.
   *
   * @return the places, from 0, of the changes whose conditions do not hold; none if all were made
   */
  List<Integer> changeAll(List<? extends Change> changes) {
    return AwsFault.call(
        TRANSACT,
        Effect.WRITE,
        () -> {
          try {
            client.transactWriteItems(
                transaction ->
                    transaction.transactItems(
                        changes.stream().map(change -> change.inTransaction(name)).toList()));
            return List.of();
          } catch (TransactionCanceledException e) {
            List<CancellationReason> reasons = e.cancellationReasons();
            List<Integer> failed =
                IntStream.range(0, reasons.size())
                    .filter(i -> CONDITION_FAILED.equals(reasons.get(i).code()))
                    .boxed()
                    .toList();
            if (failed.isEmpty()) {
              throw AwsFault.answered(TRANSACT, Effect.WRITE, reason(reasons), e);
            }
            return failed;
          }
        });
  }

  private static String reason(List<CancellationReason> reasons) {
    return reasons.stream()
        .map(CancellationReason::code)
        .filter(code -> !"None".equals(code))
        .findFirst()
        .orElse("TransactionCanceled");
  }

  /** A page of a query, made from a request without the table's name. */
  Page query(QueryRequest.Builder query) {
    QueryResponse reply =
        AwsFault.call(
            "Query",
            Effect.READ,
            () -> AwsFault.whole(client.query(query.tableName(name).build())));
    return new Page(
        reply.items().stream().map(Attributes::of).toList(),
        reply.hasLastEvaluatedKey() ? reply.lastEvaluatedKey() : Map.of());
  }

  /** Items of a query until there are enough, as of all writes answered before. */
  List<Attributes> query(QueryRequest.Builder query, int most) {
    List<Attributes> items = new ArrayList<>();
    Map<String, AttributeValue> last;
    query.consistentRead(true);
    do {
      Page page = query(query.limit(most - items.size()));
      items.addAll(page.items());
      last = page.last();
      query.exclusiveStartKey(last);
    } while (!last.isEmpty() && items.size() < most);
    return items;
  }

  private static AttributeDefinition string(String attribute) {
    return AttributeDefinition.builder()
        .attributeName(attribute)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static List<KeySchemaElement> keys(String partition, String sort) {
    return List.of(
        KeySchemaElement.builder().attributeName(partition).keyType(KeyType.HASH).build(),
        KeySchemaElement.builder().attributeName(sort).keyType(KeyType.RANGE).build());
  }
}
