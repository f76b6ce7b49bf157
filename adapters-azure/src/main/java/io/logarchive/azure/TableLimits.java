package io.logarchive.azure;

import com.azure.data.tables.models.TableEntity;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Azure's table service refuses, refused before it is sent: emulators take some of it. From
 * "Understanding the Table service data model" and "Performing entity group transactions".
 */
final class TableLimits {
  /** 64 KiB of UTF-16. */
  static final int PROPERTY_CHARACTERS = 32 * 1_024;

  static final int TRANSACTION_ENTITIES = 100;

  private static final int KEY_BYTES = 1_024;
  private static final int ENTITY_BYTES = 1_024 * 1_024;
  private static final int ENTITY_PROPERTIES = 252;
  private static final int TRANSACTION_BYTES = 4 * 1_024 * 1_024;

  /** Headers of one change, which its URL is part of: more than they ever are besides it. */
  private static final int CHANGE_BYTES = 1_024;

  private static final String OWN = "odata.";
  private static final Set<String> KEYS = Set.of("PartitionKey", "RowKey");

  private TableLimits() {}

  /**
   * @throws ServiceException.Denied with the code that the service has for it
   */
  static void check(String operation, List<TableEntity> transaction) {
    if (transaction.isEmpty() || transaction.size() > TRANSACTION_ENTITIES) {
      throw denied(operation, "InvalidInput");
    }
    String partition = transaction.getFirst().getPartitionKey();
    Set<String> rows = new HashSet<>();
    long bytes = 0;
    for (TableEntity entity : transaction) {
      if (!entity.getPartitionKey().equals(partition)) {
        throw denied(operation, "CommandsInBatchActOnDifferentPartitions");
      }
      if (!rows.add(entity.getRowKey())) {
        throw denied(operation, "InvalidDuplicateRow");
      }
      bytes += check(operation, entity);
    }
    if (bytes > TRANSACTION_BYTES) {
      throw denied(operation, "ContentLengthExceeded");
    }
  }

  /** How many bytes it has when it is sent. */
  private static long check(String operation, TableEntity entity) {
    checkKey(operation, entity.getPartitionKey());
    checkKey(operation, entity.getRowKey());
    long stored = 4 + 2L * (entity.getPartitionKey().length() + entity.getRowKey().length());
    long sent = CHANGE_BYTES + 6L * stored;
    int properties = 0;
    for (Map.Entry<String, Object> property : entity.getProperties().entrySet()) {
      if (property.getKey().startsWith(OWN) || KEYS.contains(property.getKey())) {
        continue;
      }
      properties++;
      stored += 8 + 2L * property.getKey().length() + stored(operation, property.getValue());
      sent += 2L * property.getKey().length() + sent(property.getValue());
    }
    if (properties > ENTITY_PROPERTIES) {
      throw denied(operation, "TooManyProperties");
    }
    if (stored > ENTITY_BYTES) {
      throw denied(operation, "EntityTooLarge");
    }
    return sent;
  }

  private static void checkKey(String operation, String key) {
    if (2 * key.length() > KEY_BYTES) {
      throw denied(operation, "KeyValueTooLarge");
    }
    if (key.chars().anyMatch(TableLimits::isForbidden)) {
      throw denied(operation, "OutOfRangeInput");
    }
  }

  static boolean isForbidden(int character) {
    return Character.isISOControl(character) || "/\\#?".indexOf(character) >= 0;
  }

  private static long stored(String operation, Object value) {
    if (!(value instanceof String text)) {
      return Long.BYTES;
    }
    if (text.length() > PROPERTY_CHARACTERS) {
      throw denied(operation, "PropertyValueTooLarge");
    }
    return 4 + 2L * text.length();
  }

  private static long sent(Object value) {
    return value instanceof String text
        ? Json.write(new JsonValue.Text(text)).length
        : value.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static ServiceException denied(String operation, String code) {
    return new ServiceException.Denied(operation, code, null, null);
  }
}
