package io.logarchive.archive;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tries what archiving and restoring will need of a storage: write, list, read, and that no one
 * else's archive is there. Every check that can still run, runs. Leaves the probe {@code
 * logzio-test} behind.
 */
public final class ConnectionTest {
  private static final String PROBE_KEY = "logzio-test";
  private static final String NOT_TRIED = "not tried, because ";
  private static final String OWNERSHIP = "OwnershipProof";
  private static final String OWNERSHIP_PERMISSIONS =
      "Allow s3:PutObject and s3:GetObject on " + OwnershipProof.KEY;
  private static final String FOREIGN_REMEDY =
      "Choose another bucket or prefix, or remove "
          + OwnershipProof.KEY
          + " if the archive there is yours and no longer in use";
  private static final byte[] PROBE =
      "Log Archive tested here that it may write, list and read.\n"
          .getBytes(StandardCharsets.UTF_8);

  /**
   * What one check found.
   *
   * @param error the service's own code and what it was asked; null if the check passed
   * @param remedy what to do; null if the check passed
   */
  public record Check(
      String name, boolean required, boolean ok, @Nullable String error, @Nullable String remedy) {

    static Check passed(String name) {
      return new Check(name, true, true, null, null);
    }

    JsonObject json() {
      return JsonObject.builder()
          .put("name", name)
          .put("required", required)
          .put("ok", ok)
          .put("error", error)
          .put("remedy", remedy)
          .build();
    }
  }

  /**
   * What the test found.
   *
   * @param bucketOwner the AWS account that the bucket belongs to; null if that was not found out
   */
  public record Report(List<Check> checks, @Nullable String bucketOwner) {
    public Report {
      checks = List.copyOf(checks);
    }

    Report(List<Check> checks) {
      this(checks, null);
    }

    public boolean ok() {
      return checks.stream().allMatch(check -> check.ok() || !check.required());
    }

    /** The failure that says the most: a check that was not tried only follows from another. */
    public Check firstFailure() {
      return checks.stream()
          .filter(check -> check.required() && !check.ok())
          .min(Comparator.comparing(check -> String.valueOf(check.error()).startsWith(NOT_TRIED)))
          .orElseThrow();
    }

    public JsonObject json() {
      return JsonObject.builder()
          .put("ok", ok())
          .put("checks", checks.stream().<JsonValue>map(Check::json).toList())
          .build();
    }
  }

  /** What a test does about whose archive it is. */
  public enum Claiming {
    /** It only looks, and puts no ownership proof there. */
    NOTHING,
    /** What is nobody's is the account's from then on: its ownership proof is put there. */
    WHAT_IS_FREE,
    /** Another's proof too is replaced by the account's; the old one is kept beside it. */
    WHAT_IS_ANOTHERS
  }

  private final ArchiveStorageProvider provider;
  private final OwnershipProof proof;

  public ConnectionTest(ArchiveStorageProvider provider, OwnershipProof proof) {
    this.provider = provider;
    this.proof = proof;
  }

  /** The same, unless this version cannot connect to such a storage: then empty. */
  Optional<Report> ifConnectable(StorageAccess access, Uid accountUid, Claiming claiming) {
    return access instanceof StorageAccess.Blob
        ? Optional.empty()
        : Optional.of(run(access, accountUid, claiming));
  }

  /** Looks whose archive it is first, and writes nothing into another's unless it is taken over. */
  public Report run(StorageAccess access, Uid accountUid, Claiming claiming) {
    StorageLocation location = access.location();
    ArchiveStorage storage = provider.open(access, ArchiveStorageProvider.Patience.BRIEF);
    return run(
        storage,
        location,
        accountUid,
        looked ->
            claiming == Claiming.NOTHING ? looked : established(storage, location, accountUid));
  }

  /** The report on a bucket that is another account's: nothing in it is tried. */
  static Report bucketTaken(String bucket) {
    String because = "the bucket is another account's";
    String remedy = "Choose another bucket";
    return new Report(
        List.of(
            notTried("PutObject", because, remedy),
            notTried("ListBucket", because, remedy),
            notTried("GetObject", because, remedy),
            new Check(
                OWNERSHIP,
                true,
                false,
                "The bucket " + bucket + " is in use by another account",
                remedy)));
  }

  private Report run(
      ArchiveStorage storage,
      StorageLocation location,
      Uid accountUid,
      UnaryOperator<Check> proofAfterLooking) {
    String objects = "arn:aws:s3:::" + location.container() + "/" + within(location) + "*";
    Check list =
        check(
            "ListBucket",
            "Allow s3:ListBucket on arn:aws:s3:::" + location.container(),
            () -> storage.list(PROBE_KEY, null));
    Check ownership = looked(storage, location, accountUid);
    if (FOREIGN_REMEDY.equals(ownership.remedy())) {
      String because = "the archive there is not yours";
      return new Report(
          List.of(
              notTried("PutObject", because, FOREIGN_REMEDY),
              list,
              notTried("GetObject", because, FOREIGN_REMEDY),
              ownership));
    }
    Check put =
        check(
            "PutObject",
            "Allow s3:PutObject on " + objects,
            () -> storage.put(PROBE_KEY, Content.of(PROBE, "text/plain")));
    if (!put.ok()) {
      String remedy = "Mend PutObject first";
      return new Report(
          List.of(
              put,
              list,
              notTried("GetObject", "PutObject failed", remedy),
              notTried(OWNERSHIP, "PutObject failed", remedy)));
    }
    return new Report(
        List.of(
            put,
            list,
            check("GetObject", "Allow s3:GetObject on " + objects, () -> readBack(storage)),
            proofAfterLooking.apply(ownership)));
  }

  private Check looked(ArchiveStorage storage, StorageLocation location, Uid accountUid) {
    try {
      return proof
          .look(storage, accountUid, location.uri())
          .map(ConnectionTest::ownership)
          .orElseGet(() -> Check.passed(OWNERSHIP));
    } catch (ServiceException e) {
      return failed(OWNERSHIP, e, OWNERSHIP_PERMISSIONS);
    }
  }

  private Check established(ArchiveStorage storage, StorageLocation location, Uid accountUid) {
    try {
      return ownership(proof.establish(storage, accountUid, location.uri()));
    } catch (ServiceException e) {
      return failed(OWNERSHIP, e, OWNERSHIP_PERMISSIONS);
    }
  }

  private static Check ownership(OwnershipProof.Outcome outcome) {
    return switch (outcome) {
      case OwnershipProof.Outcome.Own own -> Check.passed(OWNERSHIP);
      case OwnershipProof.Outcome.Foreign foreign ->
          new Check(OWNERSHIP, true, false, foreign.reason(), FOREIGN_REMEDY);
    };
  }

  private static Check notTried(String name, String because, String remedy) {
    return new Check(name, true, false, NOT_TRIED + because, remedy);
  }

  private static void readBack(ArchiveStorage storage) {
    if (!Arrays.equals(storage.get(PROBE_KEY, 0, 2 * PROBE.length), PROBE)) {
      throw new ServiceException.Denied("GetObject", "ContentDiffers", null, null);
    }
  }

  private static Check check(String name, String permission, Runnable call) {
    try {
      call.run();
      return Check.passed(name);
    } catch (ServiceException e) {
      return failed(name, e, permission);
    }
  }

  private static Check failed(String name, ServiceException e, String permission) {
    String remedy =
        switch (e.code()) {
          case "NoSuchBucket" -> "Create the bucket, or correct its name in path";
          case "InvalidAccessKeyId" -> "Correct accessKey: the storage does not know it";
          case "SignatureDoesNotMatch" -> "Correct secretKey: it does not belong to accessKey";
          case "ContentDiffers" -> "Make sure that nothing rewrites objects in this bucket";
          default ->
              e instanceof ServiceException.Unavailable
                  ? "The storage could not be reached or was busy: check the bucket's region and try again"
                  : permission;
        };
    return new Check(name, true, false, e.getMessage(), remedy);
  }

  private static String within(StorageLocation location) {
    return location.prefix().isEmpty() ? "" : location.prefix() + "/";
  }
}
