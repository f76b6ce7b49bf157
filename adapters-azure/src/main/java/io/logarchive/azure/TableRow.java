package io.logarchive.azure;

import com.azure.data.tables.models.TableEntity;
import io.logarchive.json.Json;
import io.logarchive.stored.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entity of the table: its key, what it holds as one JSON text, and when it may be removed.
 *
 * @param expires null for never
 */
record TableRow(Key key, Stored values, @Nullable Instant expires) {
  static final String EXPIRES = "expires";

  private static final String ETAG = "odata.etag";
  private static final String MARK = "mark";
  private static final String JSON = "json";

  /** Where an entity lies. */
  record Key(String partition, String row) {
    TableEntity entity() {
      return new TableEntity(partition, row);
    }
  }

  /**
   * An entity as it was found.
   *
   * @param etag changes with every write
   * @param mark of the call that wrote it
   */
  record Found(Key key, Stored values, String etag, @Nullable String mark) {

    static Found of(TableEntity entity) {
      StringBuilder json = new StringBuilder();
      for (int i = 0; entity.getProperty(JSON + i) instanceof String part; i++) {
        json.append(part);
      }
      return new Found(
          new Key(entity.getPartitionKey(), entity.getRowKey()),
          Stored.of(Json.object(json.toString().getBytes(StandardCharsets.UTF_8))),
          entity.getETag(),
          entity.getProperty(MARK) instanceof String mark ? mark : null);
    }

    /** How often the record was written; 0 where nothing counts that. */
    long version() {
      return values.optionalNumber("version");
    }
  }

  static TableRow of(Key key, Stored values) {
    return new TableRow(key, values, null);
  }

  /** What is sent of it: a text that is longer than a property may be is spread over several. */
  TableEntity entity(String mark) {
    TableEntity entity = key.entity().addProperty(MARK, mark);
    String json = Json.text(values.json());
    int from = 0;
    for (int i = 0; from < json.length(); i++) {
      int to = Math.min(from + TableLimits.PROPERTY_CHARACTERS, json.length());
      if (to < json.length() && Character.isHighSurrogate(json.charAt(to - 1))) {
        to--;
      }
      entity.addProperty(JSON + i, json.substring(from, to));
      from = to;
    }
    return expires == null ? entity : entity.addProperty(EXPIRES, expires.getEpochSecond());
  }

  /** Says which writing of it a change is meant for. */
  static TableEntity unchanged(TableEntity entity, String etag) {
    return entity.addProperty(ETAG, etag);
  }
}
