package io.logarchive.azure;

import io.logarchive.account.Uid;
import io.logarchive.audit.AuditEntry;
import io.logarchive.restore.Restore;
import java.time.Instant;
import java.util.Locale;

/** The keys of all entities in the table. */
final class TableKeys {
  /** What changes together with an account or its settings. */
  static final String CONTROL = "control";

  /** Restores that hold a slot, or did not long ago. */
  static final String LIVE = "live";

  static final String WINDOWS = "windows";
  static final String ACCOUNTS = "account:";
  static final String RESTORES = "restore:";
  static final String SLICES = "slice:";

  /** Behind every row key that begins with what is before it: none has this character. */
  static final String END = "~";

  private static final String AUDIT = "audit:";
  private static final char ESCAPE = '!';

  private TableKeys() {}

  /** Says that an id is taken, and by what. */
  static TableRow.Key id(int id) {
    return new TableRow.Key(CONTROL, "id:" + id);
  }

  /** Sorts by id. */
  static TableRow.Key account(int accountId) {
    return new TableRow.Key(CONTROL, ACCOUNTS + tenDigits(accountId));
  }

  static TableRow.Key token(String hash) {
    return new TableRow.Key(CONTROL, "token:" + hash);
  }

  static TableRow.Key tokens(int accountId) {
    return new TableRow.Key(CONTROL, "tokens:" + accountId);
  }

  static TableRow.Key settings(int accountId) {
    return new TableRow.Key(CONTROL, "settings:" + accountId);
  }

  static TableRow.Key claim(String claimKey) {
    return new TableRow.Key(CONTROL, "claim:" + escaped(claimKey));
  }

  static TableRow.Key slots(int accountId) {
    return new TableRow.Key(accountPartition(accountId), "slots");
  }

  /** Sorts by creation, the newest first. */
  static TableRow.Key restore(Restore restore) {
    Instant created = restore.createdAt();
    return new TableRow.Key(
        accountPartition(restore.accountId()),
        RESTORES
            + reversed(
                String.format(
                    Locale.ROOT,
                    "%012d.%09d:%010d",
                    created.getEpochSecond(),
                    created.getNano(),
                    restore.id())));
  }

  static TableRow.Key live(int restoreId) {
    return new TableRow.Key(LIVE, tenDigits(restoreId));
  }

  static TableRow.Key slice(Uid restoreUid, int slice) {
    return new TableRow.Key(progress(restoreUid), SLICES + tenDigits(slice));
  }

  static String progress(Uid restoreUid) {
    return "progress:" + restoreUid;
  }

  static TableRow.Key window(String who) {
    return new TableRow.Key(WINDOWS, escaped(who));
  }

  /** Where the entries of changes lie that are made among accounts and settings. */
  static TableRow.Key controlAudits(int accountId) {
    return new TableRow.Key(CONTROL, AUDIT + tenDigits(accountId) + ":");
  }

  /** Where the entries of changes lie that are made among the account's restores. */
  static TableRow.Key restoreAudits(int accountId) {
    return new TableRow.Key(accountPartition(accountId), AUDIT);
  }

  /** Sorts by time, the newest first. */
  static TableRow.Key audit(TableRow.Key audits, AuditEntry entry) {
    return new TableRow.Key(audits.partition(), audits.row() + reversed(entry.id()));
  }

  static String accountPartition(int accountId) {
    return ACCOUNTS + accountId;
  }

  /** Each hex digit as what it lacks to the last one, so that the largest text sorts first. */
  static String reversed(String digits) {
    StringBuilder reversed = new StringBuilder();
    digits.chars().forEach(digit -> reversed.append(reversed((char) digit)));
    return reversed.toString();
  }

  private static char reversed(char digit) {
    int value = Character.digit(digit, 16);
    return value < 0 ? digit : Character.forDigit(15 - value, 16);
  }

  /** Without what a key may not hold; different texts stay different. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c == ESCAPE || c == END.charAt(0) || TableLimits.isForbidden(c)) {
                escaped.append(String.format(Locale.ROOT, "%c%04x", ESCAPE, c));
              } else {
                escaped.append((char) c);
              }
            });
    return escaped.toString();
  }

  private static String tenDigits(int number) {
    return String.format(Locale.ROOT, "%010d", number);
  }
}
