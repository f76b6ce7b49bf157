package io.logarchive.opensearch;

import io.logarchive.account.Uid;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The index of a restored account: its names, its settings and what becomes of a log's fields. */
final class RestoredIndex {
  static final String TIMESTAMP = "@timestamp";
  static final String RAW = "_raw";
  static final String TEXT = "_text";
  static final String CONFLICT = "_conflict";
  static final String TIEBREAK = "_tiebreak";

  private static final String DEPLOYMENT = "deployment";
  private static final String PREFIX = "logarchive-";
  private static final long SHARD_BYTES = 30_000_000_000L;

  /** Larger ones would be refused by Lucene: its limit is 32,766 bytes, a character has up to 4. */
  private static final int LONGEST_KEYWORD = 8_191;

  private static final int MOST_FIELDS = 2_000;
  private static final int LONGEST_FIELD_NAME = 1_000;

  private RestoredIndex() {}

  static String name(Uid uid) {
    return PREFIX + uid;
  }

  /** What logs are written through: once it is removed, no write finds the index. */
  static String writeAlias(Uid uid) {
    return PREFIX + uid + "-write";
  }

  static String all() {
    return PREFIX + "*";
  }

  static Optional<Uid> uid(String indexName) {
    try {
      return indexName.startsWith(PREFIX)
          ? Optional.of(new Uid(indexName.substring(PREFIX.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A text of the engine's, with uids where it names indices. */
  static String withUids(String text) {
    return text.replace(PREFIX, "");
  }

  /** Whether an index was made by a deployment: several may share a cluster. */
  static boolean isOf(String deploymentId, JsonValue index) {
    return index instanceof JsonObject object
        && object.members().get("mappings") instanceof JsonObject mappings
        && mappings.members().get("_meta") instanceof JsonObject meta
        && meta.members().get(DEPLOYMENT) instanceof JsonValue.Text id
        && id.value().equals(deploymentId);
  }

  static JsonObject definition(Uid uid, long expectedBytes, String deploymentId) {
    return object(
        """
        {
          "settings": {
            "index.number_of_shards": %d,
            "index.number_of_replicas": 0,
            "index.mapping.total_fields.limit": %d,
            "index.mapping.field_name_length.limit": %d,
            "index.query.default_field": "%s"
          },
          "aliases": {"%s": {"is_write_index": true}},
          "mappings": %s
        }
        """
            .formatted(
                Math.max(1, Math.ceilDiv(expectedBytes, SHARD_BYTES)),
                MOST_FIELDS,
                LONGEST_FIELD_NAME,
                TEXT,
                writeAlias(uid),
                mappings(deploymentId)));
  }

  /**
   * What becomes of a log's fields. Names with dots and objects are the same flat fields, so that
   * {@code id} and {@code id.host} go together. All numbers are doubles: in a field of whole
   * numbers a later 0.25 would be 0. Booleans are keywords, so that false in one log and "timeout"
   * in the next go together too; a word among numbers is left out of its field, and found in the
   * text.
   */
  private static String mappings(String deploymentId) {
    return """
        {
          "_meta": %1$s,
          "disable_objects": true,
          "date_detection": false,
          "numeric_detection": false,
          "dynamic_templates": [
            {"strings": {"match_mapping_type": "string", "mapping": %2$s}},
            {"booleans": {"match_mapping_type": "boolean", "mapping": %2$s}},
            {"longs": {"match_mapping_type": "long", "mapping": %3$s}},
            {"doubles": {"match_mapping_type": "double", "mapping": %3$s}}
          ],
          "properties": {
            "@timestamp": {"type": "date"},
            "_raw": {"type": "keyword", "index": false, "doc_values": false},
            "_text": {"type": "text", "norms": false},
            "_conflict": {"type": "keyword"},
            "_tiebreak": {"type": "long", "index": false}
          }
        }
        """
        .formatted(
            Json.text(JsonObject.builder().put(DEPLOYMENT, deploymentId).build()),
            "{\"type\": \"keyword\", \"ignore_above\": " + LONGEST_KEYWORD + "}",
            "{\"type\": \"double\", \"ignore_malformed\": true}");
  }

  private static JsonObject object(String json) {
    return Json.object(json.getBytes(StandardCharsets.UTF_8));
  }
}
