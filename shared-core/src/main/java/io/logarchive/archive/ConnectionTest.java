package io.logarchive.archive;

import io.logarchive.account.Uid;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tries what archiving and restoring will need of a storage: that it lets the deployment in and
 * nobody else by the same role, write, list, read, and that no one else's archive is there. Every
 * check that can still run, runs, for 20 seconds in all. Leaves the probe {@code logzio-test}
 * behind. What it throws is the deployment's own fault, never the storage's.
 */
public final class ConnectionTest {
  static final String NOT_TRIED = "not tried, because ";

  /**
   * What one check found.
   *
   * @param error the service's own code and what it was asked; null if the check passed
   * @param remedy what to do; null if the check passed
   * @param detail what it found, such as the region; null for nothing
   */
  public record Check(
      String name,
      boolean required,
      boolean ok,
      @Nullable String error,
      @Nullable String remedy,
      @Nullable String detail) {

    static Check passed(String name) {
      return new Check(name, true, true, null, null, null);
    }

    /** One without which the archive works too. */
    static Check told(String name, String detail) {
      return new Check(name, false, true, null, null, detail);
    }

    static Check failed(String name, boolean required, String error, String remedy) {
      return new Check(name, required, false, error, remedy, null);
    }

    static Check notTried(String name, boolean required, String because, String remedy) {
      return failed(name, required, NOT_TRIED + because, remedy);
    }

    JsonObject json() {
      JsonObject.Builder json =
          JsonObject.builder()
              .put("name", name)
              .put("required", required)
              .put("ok", ok)
              .put("error", error)
              .put("remedy", remedy);
      return detail == null ? json.build() : json.put("detail", detail).build();
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
  private final InstantSource clock;
  private final @Nullable AwsIdentity identity;

  /**
   * @param identity whom customers' roles are to trust; null for a deployment that can assume none
   */
  public ConnectionTest(
      ArchiveStorageProvider provider,
      OwnershipProof proof,
      InstantSource clock,
      @Nullable AwsIdentity identity) {
    this.provider = provider;
    this.proof = proof;
    this.clock = clock;
    this.identity = identity;
  }

  /**
   * Looks whose archive it is first, and writes nothing into another's unless it is taken over. The
   * account's proof is put there only if every other required check passed.
   */
  public Report run(StorageAccess access, Uid accountUid, Claiming claiming) {
    OwnershipProof.Claim claim = proof.claim(accountUid, access.location().uri());
    return switch (access) {
      case StorageAccess.S3 s3 ->
          new BucketTest(provider, s3, claim, claiming, clock, identity).run();
      case StorageAccess.Blob blob ->
          new ContainerTest(provider, blob, claim, claiming, clock).run();
    };
  }

  /** The report on a bucket or container that is another account's: nothing in it is tried. */
  static Report taken(StorageAccess access) {
    return switch (access) {
      case StorageAccess.S3 s3 -> taken("bucket", s3.location(), BucketTest.CALLS);
      case StorageAccess.Blob blob -> taken("container", blob.location(), ContainerTest.CALLS);
    };
  }

  private static Report taken(String kind, StorageLocation location, List<String> calls) {
    String because = "the " + kind + " is another account's";
    String remedy = "Choose another " + kind;
    String error = "The " + kind + " " + location.container() + " is in use by another account";
    return new Report(
        Stream.concat(
                calls.stream().map(name -> Check.notTried(name, true, because, remedy)),
                Stream.of(Check.failed(StorageTest.OWNERSHIP, true, error, remedy)))
            .toList(),
        null);
  }
}
