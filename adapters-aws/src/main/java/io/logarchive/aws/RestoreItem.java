package io.logarchive.aws;

import io.logarchive.restore.Restore;
import io.logarchive.stored.StoredRestore;

/** A restore as an item. */
final class RestoreItem {
  private static final int LIVE_SHARDS = 8;

  private RestoreItem() {}

  /** One that holds a slot is in the index of live restores. */
  static Attributes of(Restore restore) {
    return Keys.restore(restore)
        .item()
        .text(DynamoDbTable.LIVE, restore.holdsSlot() ? shard(restore.id() % LIVE_SHARDS) : null)
        .all(StoredRestore.of(restore));
  }

  static Restore restore(Attributes item) {
    return StoredRestore.read(item.stored());
  }

  static String shard(int number) {
    return "LIVE#" + number;
  }

  /** The first of the index's partitions, and the one behind each, until there is none. */
  static int shards() {
    return LIVE_SHARDS;
  }
}
