package io.logarchive.aws;

import io.logarchive.account.Uid;
import io.logarchive.audit.AuditEntry;
import io.logarchive.restore.Restore;
import java.time.Instant;
import java.util.Locale;

/** The keys of all items in the table. */
final class Keys {
  static final String RESTORES = "RESTORE#";

  /** The partition of all accounts, sorted by id. */
  static final String ACCOUNTS = "ACCOUNTS";

  private Keys() {}

  /** Says that an id is taken, and by what. */
  static DynamoDbTable.Key id(int id) {
    return new DynamoDbTable.Key("ID#" + id, "ID");
  }

  static DynamoDbTable.Key account(int accountId) {
    return new DynamoDbTable.Key(ACCOUNTS, String.format(Locale.ROOT, "%010d", accountId));
  }

  static DynamoDbTable.Key token(String hash) {
    return new DynamoDbTable.Key("TOKEN#" + hash, "TOKEN");
  }

  static DynamoDbTable.Key tokens(int accountId) {
    return new DynamoDbTable.Key(accountPartition(accountId), "TOKENS");
  }

  static DynamoDbTable.Key settings(int accountId) {
    return new DynamoDbTable.Key(accountPartition(accountId), "SETTINGS");
  }

  static DynamoDbTable.Key claim(String bucket) {
    return new DynamoDbTable.Key("CLAIM#" + bucket, "CLAIM");
  }

  static DynamoDbTable.Key slots(int accountId) {
    return new DynamoDbTable.Key(accountPartition(accountId), "SLOTS");
  }

  /** Sorts by creation, so that a history is a query backwards. */
  static DynamoDbTable.Key restore(Restore restore) {
    Instant created = restore.createdAt();
    return new DynamoDbTable.Key(
        accountPartition(restore.accountId()),
        String.format(
            Locale.ROOT,
            RESTORES + "%012d.%09d#%010d",
            created.getEpochSecond(),
            created.getNano(),
            restore.id()));
  }

  static DynamoDbTable.Key slice(Uid restoreUid, int slice) {
    return new DynamoDbTable.Key(
        progress(restoreUid), String.format(Locale.ROOT, "SLICE#%010d", slice));
  }

  static String progress(Uid restoreUid) {
    return "PROGRESS#" + restoreUid;
  }

  /** Sorts by time, so that the newest are a query backwards. */
  static DynamoDbTable.Key audit(AuditEntry entry) {
    return new DynamoDbTable.Key(auditPartition(entry.accountId()), entry.id());
  }

  static String auditPartition(int accountId) {
    return "AUDIT#" + accountId;
  }

  /** What is counted of somebody's requests in a minute. */
  static DynamoDbTable.Key window(String who, Instant start) {
    return new DynamoDbTable.Key("WINDOW#" + who, start.toString());
  }

  static String accountPartition(int accountId) {
    return "ACCOUNT#" + accountId;
  }
}
