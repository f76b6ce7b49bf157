package io.logarchive.azure;

import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import io.logarchive.fault.ServiceException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Deletes what was kept for a time only, once that is over: tables do not do that by themselves.
 * Reads the whole table, so it is for once a day. One that failed on the way is run again.
 */
public final class TableExpiry {
  private final AzureTable table;

  public TableExpiry(AzureTable table) {
    this.table = table;
  }

  /** What was written again meanwhile stays. */
  public void run(Instant now) {
    table.expired(
        now,
        page ->
            page.stream()
                .collect(Collectors.groupingBy(TableEntity::getPartitionKey))
                .values()
                .forEach(this::deleteAll));
  }

  private void deleteAll(List<TableEntity> entities) {
    for (int from = 0; from < entities.size(); from += TableLimits.TRANSACTION_ENTITIES) {
      int to = Math.min(from + TableLimits.TRANSACTION_ENTITIES, entities.size());
      List<TableTransactionAction> deletions =
          entities.subList(from, to).stream().map(TableExpiry::deletion).toList();
      if (!submit(deletions)) {
        // One of them was written again, or is gone: the others go one by one.
        deletions.forEach(deletion -> submit(List.of(deletion)));
      }
    }
  }

  /** Once more if it failed: what was deleted after all is not there for the second try. */
  private boolean submit(List<TableTransactionAction> deletions) {
    try {
      return table.submit(deletions, false);
    } catch (ServiceException.Unavailable | ServiceException.OutcomeUnknown e) {
      return table.submit(deletions, false);
    }
  }

  private static TableTransactionAction deletion(TableEntity entity) {
    return new TableTransactionAction(TableTransactionActionType.DELETE, entity, true);
  }
}
