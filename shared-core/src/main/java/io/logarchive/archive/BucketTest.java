package io.logarchive.archive;

import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.ConnectionTest.Check;
import io.logarchive.archive.ConnectionTest.Claiming;
import io.logarchive.archive.ConnectionTest.Report;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One test of a bucket. */
final class BucketTest extends StorageTest {
  private static final String ASSUME_ROLE = "AssumeRole";
  private static final String EXTERNAL_ID = "ExternalIdRequired";
  private static final String PUT = "PutObject";
  private static final String LIST = "ListBucket";
  private static final String GET = "GetObject";

  /** What is called in a bucket, in the order of the report. */
  static final List<String> CALLS = List.of(PUT, LIST, GET);

  private static final String REGION = "Region";
  private static final String BUCKET_OWNER = "BucketOwner";
  private static final String ACCESS_DENIED = "AccessDenied";

  private final ArchiveStorageProvider provider;
  private final StorageAccess.S3 access;
  private final Remedies remedies;
  private final BucketInquiry inquiry;
  private @Nullable String owner;
  private @Nullable Boolean requesterPays;

  BucketTest(
      ArchiveStorageProvider provider,
      StorageAccess.S3 access,
      OwnershipProof.Claim claim,
      Claiming claiming,
      InstantSource clock,
      @Nullable AwsIdentity identity) {
    super(PUT, LIST, GET, claim, claiming, clock);
    this.provider = provider;
    this.access = access;
    this.remedies = new Remedies(access, identity);
    this.inquiry = provider.inquire(access);
  }

  Report run() {
    List<Check> checks = new ArrayList<>();
    if (access.login() instanceof S3Login.Role role) {
      Check assumed = check(ASSUME_ROLE, inquiry::assumeRole);
      checks.add(assumed);
      if (!assumed.ok()) {
        Stream.of(EXTERNAL_ID, PUT, LIST, GET, OWNERSHIP, REGION, BUCKET_OWNER)
            .map(
                name ->
                    Check.notTried(
                        name,
                        !name.equals(REGION) && !name.equals(BUCKET_OWNER),
                        ASSUME_ROLE + " failed",
                        "Mend " + ASSUME_ROLE + " first"))
            .forEach(checks::add);
        return new Report(checks, null);
      }
      checks.add(externalIdRequired(role));
    }
    bucket(checks);
    return new Report(checks, owner);
  }

  private void bucket(List<Check> checks) {
    Check list = archive(checks, open(access));
    checks.add(region());
    checks.add(bucketOwner(list));
  }

  /** An id that nobody was given, but of the same form: a role that takes any such takes it. */
  private Check externalIdRequired(S3Login.Role role) {
    S3Login.Role stranger =
        new S3Login.Role(role.arn(), stranger(role.externalId()), role.accountId());
    if (late()) {
      return Check.notTried(EXTERNAL_ID, true, OUT_OF_TIME, "Try again");
    }
    try {
      provider
          .inquire(new StorageAccess.S3(access.location(), stranger, access.options()))
          .assumeRole();
    } catch (ServiceException.Denied e) {
      return e.code().startsWith(ACCESS_DENIED)
          ? Check.passed(EXTERNAL_ID)
          : failed(EXTERNAL_ID, true, e);
    } catch (ServiceException e) {
      return failed(EXTERNAL_ID, true, e);
    }
    return Check.failed(
        EXTERNAL_ID,
        true,
        ASSUME_ROLE + ": the role was assumed with an external id that is not yours",
        remedies.permission(EXTERNAL_ID));
  }

  private static String stranger(String externalId) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(externalId.getBytes(StandardCharsets.UTF_8));
      return "logarchive-" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private Check region() {
    if (late()) {
      return Check.notTried(REGION, false, OUT_OF_TIME, "Try again");
    }
    try {
      return Check.told(REGION, inquiry.region().orElse("unknown: the storage does not tell"));
    } catch (ServiceException e) {
      return failed(REGION, false, e);
    }
  }

  private Check bucketOwner(Check list) {
    if (late()) {
      return Check.notTried(BUCKET_OWNER, false, OUT_OF_TIME, "Try again");
    }
    String known = access.options().owner();
    String expected = known != null ? known : caller().orElse(null);
    if (expected == null) {
      return Check.told(BUCKET_OWNER, "unknown: the storage does not tell whose the key is");
    }
    try {
      if (known == null && !list.ok()) {
        return Check.notTried(BUCKET_OWNER, false, LIST + " failed", "Mend " + LIST + " first");
      }
      open(ownedBy(expected)).list(PROBE_KEY, null);
      owner = expected;
      return Check.told(BUCKET_OWNER, expected);
    } catch (ServiceException e) {
      return e.code().startsWith(ACCESS_DENIED)
          ? Check.failed(
              BUCKET_OWNER, false, String.valueOf(e.getMessage()), Remedies.anotherOwner(expected))
          : failed(BUCKET_OWNER, false, e);
    }
  }

  private Optional<String> caller() {
    if (access.login() instanceof S3Login.Role role) {
      return Optional.of(AwsIdentity.ofRole(role.arn()).accountId());
    }
    try {
      return inquiry.callerAccount();
    } catch (ServiceException e) {
      // Other storages than AWS's have no such thing: then it stays unknown.
      return Optional.empty();
    }
  }

  private StorageAccess.S3 ownedBy(String account) {
    return new StorageAccess.S3(
        access.location(), access.login(), access.options().ownedBy(account));
  }

  private ArchiveStorage open(StorageAccess.S3 opened) {
    return inTime(provider.open(opened, Patience.BRIEF));
  }

  @Override
  boolean refusesAccess(ServiceException failure) {
    return failure.code().startsWith(ACCESS_DENIED);
  }

  @Override
  String remedy(String name, ServiceException failure) {
    return failure.code().equals(ACCESS_DENIED) && CALLS.contains(name) && requesterPays()
        ? Remedies.requesterPays()
        : remedies.of(name, failure);
  }

  /** Asked once: it refuses everything alike. */
  private boolean requesterPays() {
    if (requesterPays == null) {
      requesterPays = !late() && askedWhetherRequesterPays();
    }
    return requesterPays;
  }

  private boolean askedWhetherRequesterPays() {
    try {
      return inquiry.requesterPays();
    } catch (ServiceException e) {
      return false;
    }
  }
}
