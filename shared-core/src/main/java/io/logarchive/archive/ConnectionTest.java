package io.logarchive.archive;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries what archiving and restoring will need of a storage: write, list, read, and that no one
 * else's archive is there. Every check that can still run, runs. Leaves the probe {@code
 * logzio-test} behind, and the ownership proof.
 */
public final class ConnectionTest {
  private static final String PROBE_KEY = "logzio-test";
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

  /** What the test found. */
  public record Report(List<Check> checks) {
    public Report {
      checks = List.copyOf(checks);
    }

    public boolean ok() {
      return checks.stream().allMatch(check -> check.ok() || !check.required());
    }

    public Check firstFailure() {
      return checks.stream()
          .filter(check -> check.required() && !check.ok())
          .findFirst()
          .orElseThrow();
    }

    public List<JsonValue> json() {
      return checks.stream().<JsonValue>map(Check::json).toList();
    }
  }

  private final OwnershipProof proof;

  public ConnectionTest(OwnershipProof proof) {
    this.proof = proof;
  }

  public Report run(ArchiveStorage storage, S3Location location, Uid accountUid) {
    List<Check> checks = new ArrayList<>();
    String objects = "arn:aws:s3:::" + location.bucket() + "/" + within(location) + "*";
    Check put =
        check(
            "PutObject",
            "Allow s3:PutObject on " + objects,
            () -> storage.put(PROBE_KEY, Content.of(PROBE, "text/plain")));
    checks.add(put);
    checks.add(
        check(
            "ListBucket",
            "Allow s3:ListBucket on arn:aws:s3:::" + location.bucket(),
            () -> storage.list(PROBE_KEY, null)));
    String getRemedy = "Allow s3:GetObject on " + objects;
    if (put.ok()) {
      checks.add(check("GetObject", getRemedy, () -> readBack(storage)));
      checks.add(ownership(storage, location, accountUid));
    } else {
      String skipped = "not tried, because PutObject failed";
      String remedy = "Mend PutObject first";
      checks.add(new Check("GetObject", true, false, skipped, remedy));
      checks.add(new Check("OwnershipProof", true, false, skipped, remedy));
    }
    return new Report(checks);
  }

  private Check ownership(ArchiveStorage storage, S3Location location, Uid accountUid) {
    String name = "OwnershipProof";
    try {
      return switch (proof.establish(storage, accountUid, location.uri())) {
        case OwnershipProof.Outcome.Own own -> Check.passed(name);
        case OwnershipProof.Outcome.Foreign foreign ->
            new Check(
                name,
                true,
                false,
                foreign.reason(),
                "Choose another bucket or prefix, or remove "
                    + OwnershipProof.KEY
                    + " if the archive there is yours and no longer in use");
      };
    } catch (ServiceException e) {
      return failed(name, e, "Allow s3:PutObject and s3:GetObject on " + OwnershipProof.KEY);
    }
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

  private static String within(S3Location location) {
    return location.prefix().isEmpty() ? "" : location.prefix() + "/";
  }
}
