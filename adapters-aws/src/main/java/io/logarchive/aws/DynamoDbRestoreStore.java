package io.logarchive.aws;

import io.logarchive.account.Uid;
import io.logarchive.audit.AuditEntry;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.SliceProgress;
import io.logarchive.stored.StoredProgress;
import io.logarchive.stored.StoredSlots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Restores, slots and progress in the deployment's table. */
public final class DynamoDbRestoreStore implements RestoreStore {
  private static final String REACHED = "reached";

  /** Longer than any restore lives: its progress is of no use then. */
  private static final Duration PROGRESS_KEPT = Duration.ofDays(30);

  private final DynamoDbTable table;
  private final DynamoDbAuditLog audit;
  private final int pageSize;
  private final InstantSource clock;

  /**
   * Keeps them in this table.
   *
   * @param pageSize how many restores a page of {@link #live} holds at the most
   */
  public DynamoDbRestoreStore(
      DynamoDbTable table, DynamoDbAuditLog audit, int pageSize, InstantSource clock) {
    this.table = table;
    this.audit = audit;
    this.pageSize = pageSize;
    this.clock = clock;
  }

  @Override
  public RestoreSlots slots(int accountId) {
    return table
        .find(Keys.slots(accountId))
        .map(DynamoDbRestoreStore::slots)
        .orElseGet(() -> RestoreSlots.none(accountId));
  }

  @Override
  public Created create(Restore restore, RestoreSlots slots, AuditEntry entry) {
    DynamoDbTable.Key key = Keys.restore(restore);
    Attributes id =
        Keys.id(restore.id())
            .item()
            .text("kind", "restore")
            .text("restorePk", key.pk())
            .text("restoreSk", key.sk());
    List<Integer> failed =
        table.changeAll(
            List.of(
                DynamoDbTable.Write.version(item(slots), slots.version()),
                DynamoDbTable.Write.first(id),
                DynamoDbTable.Write.version(RestoreItem.of(restore), restore.version()),
                audit.write(entry)));
    if (failed.isEmpty()) {
      return Created.YES;
    }
    return failed.contains(0) ? Created.SLOTS_CHANGED : Created.ID_TAKEN;
  }

  @Override
  public Optional<Restore> find(int restoreId) {
    return table.find(Keys.id(restoreId)).flatMap(this::restoreOf);
  }

  @Override
  public boolean update(Restore restore) {
    // As a transaction: a plain put that is tried again after a lost reply would meet its own work
    // and take it for somebody else's.
    return restore.version() > 1 && table.changeAll(List.of(write(restore))).isEmpty();
  }

  @Override
  public boolean update(Restore restore, RestoreSlots slots, @Nullable AuditEntry entry) {
    List<DynamoDbTable.Write> writes = new ArrayList<>();
    writes.add(write(restore));
    writes.add(DynamoDbTable.Write.version(item(slots), slots.version()));
    if (entry != null) {
      writes.add(audit.write(entry));
    }
    return restore.version() > 1 && table.changeAll(writes).isEmpty();
  }

  @Override
  public List<Restore> history(int accountId, @Nullable Integer before, int most) {
    String partition = Keys.accountPartition(accountId);
    // Behind every restore: the digits of a time come before it.
    String until = Keys.RESTORES + ":";
    if (before != null) {
      Optional<Attributes> id = table.find(Keys.id(before)).filter(DynamoDbRestoreStore::isRestore);
      if (id.isEmpty() || !id.get().text("restorePk").equals(partition)) {
        return List.of();
      }
      until = id.get().text("restoreSk");
    }
    int one = before == null ? 0 : 1; // The range includes its end.
    return table
        .query(
            QueryRequest.builder()
                .keyConditionExpression("pk = :pk AND sk BETWEEN :first AND :until")
                .expressionAttributeValues(
                    Map.of(
                        ":pk", AttributeValue.fromS(partition),
                        ":first", AttributeValue.fromS(Keys.RESTORES),
                        ":until", AttributeValue.fromS(until)))
                .scanIndexForward(false),
            most + one)
        .stream()
        .skip(one)
        .map(RestoreItem::restore)
        .toList();
  }

  @Override
  public Page live(@Nullable String pageToken) {
    LiveToken token = pageToken == null ? LiveToken.FIRST : LiveToken.parse(pageToken);
    QueryRequest.Builder query =
        QueryRequest.builder()
            .indexName(DynamoDbTable.LIVE_INDEX)
            .keyConditionExpression(DynamoDbTable.LIVE + " = :live")
            .expressionAttributeValues(
                Map.of(":live", AttributeValue.fromS(RestoreItem.shard(token.shard()))))
            .limit(pageSize);
    if (token.after() != null) {
      query.exclusiveStartKey(token.startKey(token.after()));
    }
    DynamoDbTable.Page page = table.query(query);
    return new Page(
        page.items().stream().map(RestoreItem::restore).toList(), token.next(page.last()));
  }

  @Override
  public void saveProgress(Uid restoreUid, SliceProgress progress) {
    String reached = StoredProgress.reached(progress);
    table.put(
        new DynamoDbTable.Write(
            Keys.slice(restoreUid, progress.slice())
                .item()
                .all(StoredProgress.of(progress))
                .text(REACHED, reached)
                .number(DynamoDbTable.TTL, clock.instant().plus(PROGRESS_KEPT).getEpochSecond()),
            "attribute_not_exists(pk) OR " + REACHED + " <= :reached",
            Map.of(":reached", AttributeValue.fromS(reached))));
  }

  @Override
  public Optional<SliceProgress> progress(Uid restoreUid, int slice) {
    return table.find(Keys.slice(restoreUid, slice)).map(DynamoDbRestoreStore::progress);
  }

  @Override
  public List<SliceProgress> progress(Uid restoreUid) {
    return table
        .query(
            QueryRequest.builder()
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(
                    Map.of(":pk", AttributeValue.fromS(Keys.progress(restoreUid)))),
            Integer.MAX_VALUE)
        .stream()
        .map(DynamoDbRestoreStore::progress)
        .toList();
  }

  private Optional<Restore> restoreOf(Attributes id) {
    return isRestore(id)
        ? table
            .find(new DynamoDbTable.Key(id.text("restorePk"), id.text("restoreSk")))
            .map(RestoreItem::restore)
        : Optional.empty();
  }

  private static boolean isRestore(Attributes id) {
    return id.text("kind").equals("restore");
  }

  private static DynamoDbTable.Write write(Restore restore) {
    return DynamoDbTable.Write.version(RestoreItem.of(restore), restore.version());
  }

  private static SliceProgress progress(Attributes item) {
    return StoredProgress.read(item.stored());
  }

  private static Attributes item(RestoreSlots slots) {
    return Keys.slots(slots.accountId()).item().all(StoredSlots.of(slots));
  }

  private static RestoreSlots slots(Attributes item) {
    return StoredSlots.read(item.stored());
  }

  /**
   * A place in the index of live restores.
   *
   * @param after the restore that the page starts behind; null for the partition's start
   */
  private record LiveToken(int shard, DynamoDbTable.@Nullable Key after) {
    static final LiveToken FIRST = new LiveToken(0, null);

    static LiveToken parse(String text) {
      String[] parts = text.split("\\|", -1);
      return new LiveToken(
          Integer.parseInt(parts[0]),
          parts.length == 1 ? null : new DynamoDbTable.Key(parts[1], parts[2]));
    }

    @Nullable String next(Map<String, AttributeValue> last) {
      if (!last.isEmpty()) {
        Attributes key = Attributes.of(last);
        return shard + "|" + key.text(DynamoDbTable.PK) + "|" + key.text(DynamoDbTable.SK);
      }
      return shard + 1 < RestoreItem.shards() ? Integer.toString(shard + 1) : null;
    }

    Map<String, AttributeValue> startKey(DynamoDbTable.Key key) {
      return key.item().text(DynamoDbTable.LIVE, RestoreItem.shard(shard)).values();
    }
  }
}
