package io.logarchive.aws;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import io.logarchive.stored.StoredAuditEntry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Audit entries in the deployment's table. */
public final class DynamoDbAuditLog implements AuditLog {
  /** Ids begin with a digit, which sorts before it. */
  private static final String BEHIND_ALL = ":";

  private final DynamoDbTable table;
  private final Duration kept;
  private final int pageSize;

  /**
   * Keeps them in this table.
   *
   * @param kept how long
   * @param pageSize how many a page holds at the most
   */
  public DynamoDbAuditLog(DynamoDbTable table, Duration kept, int pageSize) {
    this.table = table;
    this.kept = kept;
    this.pageSize = pageSize;
  }

  /**
   * What writes an entry. A store puts it last among the changes that it makes by {@link
   * DynamoDbTable#changeAll}: it has no condition, so it never is the one that fails, and the
   * places of the others stay as they were.
   */
  DynamoDbTable.Write write(AuditEntry entry) {
    Attributes item =
        Keys.audit(entry)
            .item()
            .all(StoredAuditEntry.of(entry))
            .number(DynamoDbTable.TTL, entry.at().plus(kept).getEpochSecond());
    return DynamoDbTable.Write.of(item);
  }

  /** DynamoDB answers with 1 MB at the most, so a page of large entries holds fewer of them. */
  @Override
  public Page page(int accountId, @Nullable String before) {
    DynamoDbTable.Page found =
        table.query(
            QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND sk < :before")
                .expressionAttributeValues(
                    Map.of(
                        ":pk", AttributeValue.fromS(Keys.auditPartition(accountId)),
                        ":before", AttributeValue.fromS(before == null ? BEHIND_ALL : before)))
                .scanIndexForward(false)
                .consistentRead(true)
                .limit(pageSize + 1));
    List<AuditEntry> entries =
        found.items().stream().limit(pageSize).map(DynamoDbAuditLog::entry).toList();
    boolean last = found.items().size() <= pageSize && found.last().isEmpty();
    return new Page(entries, last ? null : entries.getLast().id());
  }

  private static AuditEntry entry(Attributes item) {
    return StoredAuditEntry.read(item.stored());
  }
}
