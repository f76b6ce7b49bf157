package io.logarchive.testkit;

import io.logarchive.account.Account;
import io.logarchive.account.Ids;
import io.logarchive.account.Scope;
import io.logarchive.account.Token;
import io.logarchive.account.TokenRecord;
import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.BlobSettings;
import io.logarchive.archive.BucketClaim;
import io.logarchive.archive.S3Credentials;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.archive.S3Settings;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.StorageLocation;
import io.logarchive.archive.StorageSettings;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import io.logarchive.format.Compression;
import io.logarchive.restore.Damage;
import io.logarchive.restore.PlanSummary;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStatus;
import io.logarchive.restore.RestoredLog;
import io.logarchive.restore.TimeRange;
import io.logarchive.restore.Totals;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Values for tests. Ids are fresh at every call, so that tests can share one store. */
public final class Samples {
  private static final Ids IDS = new Ids(new SecureRandom());
  private static final Instant START = Instant.parse("2026-11-22T17:00:00Z");

  private Samples() {}

  public static int id() {
    return IDS.id();
  }

  public static Uid uid() {
    return IDS.uid();
  }

  public static Account account(int id) {
    return new Account(
        id, uid(), "Webshop Köln", new BigDecimal("12.50"), START.plusNanos(123_456), 1);
  }

  public static TokenRecord token(int accountId, String name, Scope... scopes) {
    return TokenRecord.made(
        id(),
        IDS.token(Token.Kind.API).hash(),
        accountId,
        name,
        Set.of(scopes),
        START.plusNanos(1),
        null);
  }

  /** Settings as they are first written, for a bucket that no other sample uses. */
  public static ArchiveSettings settings(int id, int accountId) {
    String bucket = "logs-" + uid().value();
    return ArchiveSettings.created(
        id,
        accountId,
        uid(),
        new S3Settings(
            "s3://" + bucket + "/Grüße/",
            new S3Location(bucket, "Grüße"),
            new S3Credentials.Keys(
                "AKIAIOSFODNN7EXAMPLE",
                new SealedSecret("file:01020304", new byte[] {0, 1, -1, 127, -128})),
            S3Options.NONE),
        true,
        Compression.ZSTD,
        START.plusNanos(999_999_999));
  }

  /** Each kind of storage, with and without what may be absent. */
  public static List<StorageSettings> storages() {
    SealedSecret sealed = new SealedSecret("arn:aws:kms:key", new byte[] {5, 0, -1});
    S3Location bucket = new S3Location("logs-" + uid().value(), "");
    String other = "logs-" + uid().value();
    String account = uid().value().substring(8);
    return List.of(
        new S3Settings(
            bucket.bucket(), bucket, new S3Credentials.Keys("AKIA", sealed), S3Options.NONE),
        new S3Settings(
            "s3://" + other + "/a/b/",
            new S3Location(other, "a/b"),
            new S3Credentials.Role("arn:aws:iam::123456789012:role/logs", "external"),
            new S3Options("123456789012", "STANDARD_IA", "arn:aws:kms:eu-central-1:1:key/k")),
        new BlobSettings(
            null,
            new BlobLocation(account, "a-container", ""),
            "11111111-1111-1111-1111-111111111111",
            "22222222-2222-2222-2222-222222222222",
            sealed),
        new BlobSettings(
            "/Grüße/",
            new BlobLocation(account, "b-container", "Grüße"),
            "11111111-1111-1111-1111-111111111111",
            "22222222-2222-2222-2222-222222222222",
            sealed));
  }

  /** The claim as it is first written with these settings. */
  public static BucketClaim claim(ArchiveSettings settings) {
    StorageLocation location = settings.storage().location();
    return BucketClaim.none(location.claimKey()).with(location.prefix(), settings.accountId());
  }

  /** An entry as a change of the admin's leaves it, unlike any other. */
  public static AuditEntry auditEntry(AuditEntry.Action action, int accountId, int subjectId) {
    return auditEntry(action, accountId, subjectId, START);
  }

  /** The entry of a restore's start. */
  public static AuditEntry started(Restore restore) {
    return auditEntry(AuditEntry.Action.RESTORE_START, restore.accountId(), restore.id());
  }

  /** What tells of a change of an account; each another. */
  public static AuditEntry changed(int accountId) {
    return auditEntry(AuditEntry.Action.ACCOUNT_UPDATE, accountId, accountId);
  }

  /** What tells of settings that are saved; each another. */
  public static AuditEntry saved(ArchiveSettings settings) {
    return auditEntry(AuditEntry.Action.SETTINGS_UPDATE, settings.accountId(), settings.id());
  }

  static AuditEntry auditEntry(AuditEntry.Action action, int accountId, int subjectId, Instant at) {
    return new AuditTrail(new SecureRandom(), () -> at)
        .entry(new AuditEntry.Actor.Admin(), accountId, action, subjectId, null, null);
  }

  /** A restore as it is first written. */
  public static Restore restore(int id, int accountId, Instant createdAt) {
    return new Restore(
        id,
        uid(),
        accountId,
        new Restore.Request(
            "restored-" + id,
            null,
            new TimeRange(START, START.plusSeconds(3_600)),
            "1763830800",
            "1763834400000",
            5,
            null),
        RestoreStatus.IN_PROGRESS,
        createdAt,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        100_000_000_000L,
        1,
        1);
  }

  /** A restore in which everything that may be absent is there. */
  public static Restore fullRestore(int id, int accountId) {
    return new Restore(
        id,
        uid(),
        accountId,
        new Restore.Request(
            "restored 😀",
            "somebody@example.com",
            new TimeRange(START.plusMillis(1), START.plusMillis(2)),
            "1763830800.001",
            "1.763834400e9",
            30,
            "key \"1\""),
        RestoreStatus.FAILED,
        START.plusNanos(1),
        START.plusNanos(2),
        START.plusNanos(3),
        START.plus(Duration.ofDays(30)),
        START.plusMillis(4),
        new PlanSummary("0123456789abcdef", 40, 41, 42, 43, Long.MAX_VALUE, 44),
        totals(1, 9_999_999_999L),
        new Restore.Failure("RANGE_OVER_CAP", "The first minute is over the cap"),
        Long.MAX_VALUE,
        3,
        1);
  }

  /** The same restore as its next write states it, once its plan and its account are made. */
  public static Restore planned(Restore restore) {
    return new Restore(
        restore.id(),
        restore.uid(),
        restore.accountId(),
        restore.request(),
        restore.status(),
        restore.createdAt(),
        restore.createdAt(),
        null,
        null,
        null,
        new PlanSummary("0123456789abcdef", 1, 1, 1_000, 1_000, 1_000, 0),
        null,
        null,
        restore.capBytes(),
        restore.attempt(),
        restore.version() + 1);
  }

  /** The same restore as its next write states it. */
  public static Restore changed(Restore restore, RestoreStatus status) {
    return new Restore(
        restore.id(),
        restore.uid(),
        restore.accountId(),
        restore.request(),
        status,
        restore.createdAt(),
        restore.startedAt(),
        restore.finishedAt(),
        restore.expiresAt(),
        restore.coveredUntil(),
        restore.plan(),
        restore.totals(),
        restore.failure(),
        restore.capBytes(),
        restore.attempt(),
        restore.version() + 1);
  }

  /** The account's slots with one more holder, as their next write states them. */
  public static RestoreSlots with(RestoreSlots slots, Restore restore) {
    List<RestoreSlots.Holder> holders = new ArrayList<>(slots.holders());
    holders.add(
        new RestoreSlots.Holder(
            restore.id(), restore.request().accountName(), restore.request().idempotencyKey()));
    return new RestoreSlots(slots.accountId(), holders, slots.version() + 1);
  }

  /** What a slice, or a restore of it, has done. */
  public static Totals totals(int slicesDone, long logs) {
    return new Totals(
        slicesDone,
        2,
        500 * logs,
        logs,
        logs,
        500 * logs,
        1,
        List.of(new Damage("dt=20261122/hour=17/Ä.json.zst", 4_000_000_000L, "bad checksum")),
        17);
  }

  /** Logs of a web shop, numbered {@code from} to {@code to}; the same number is the same log. */
  public static List<RestoredLog> logs(int from, int to) {
    List<RestoredLog> logs = new ArrayList<>();
    for (int number = from; number < to; number++) {
      logs.add(log(number));
    }
    return logs;
  }

  /** A line that is not a JSON object. */
  public static RestoredLog plainLine(int number) {
    byte[] line = ("plain line " + number).getBytes(StandardCharsets.UTF_8);
    return new RestoredLog(
        documentId("b", number),
        line,
        0,
        line.length,
        START.plusMillis(number).toEpochMilli(),
        -1,
        -1,
        false);
  }

  /** It lies between two others in its buffer, as logs do in a block. */
  private static RestoredLog log(int number) {
    Instant time = START.plusMillis(number);
    String before = "{\"before\":true}\n{";
    String timestamp = "\"@timestamp\":\"" + time + "\",";
    String rest =
        "\"type\":\"shop\",\"service\":\"cart\",\"status\":200,\"number\":" + number + "}";
    int from = before.length() - 1;
    int timestampTo = before.length() + timestamp.length();
    byte[] block =
        (before + timestamp + rest + "\n{\"behind\":true}\n").getBytes(StandardCharsets.UTF_8);
    return new RestoredLog(
        documentId("a", number),
        block,
        from,
        timestampTo + rest.length(),
        time.toEpochMilli(),
        before.length(),
        timestampTo,
        true);
  }

  private static String documentId(String start, int number) {
    return start + String.format(Locale.ROOT, "%031x", number);
  }
}
