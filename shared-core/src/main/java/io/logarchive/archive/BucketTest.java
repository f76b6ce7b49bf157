package io.logarchive.archive;

import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.ConnectionTest.Check;
import io.logarchive.archive.ConnectionTest.Claiming;
import io.logarchive.archive.ConnectionTest.Report;
import io.logarchive.archive.OwnershipProof.Outcome;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One test of a bucket. */
final class BucketTest {
  static final String OWNERSHIP = "OwnershipProof";
  private static final String ASSUME_ROLE = "AssumeRole";
  private static final String EXTERNAL_ID = "ExternalIdRequired";
  private static final String PUT = "PutObject";
  private static final String LIST = "ListBucket";
  private static final String GET = "GetObject";
  private static final Set<String> OF_OBJECTS = Set.of(PUT, LIST, GET);
  private static final String REGION = "Region";
  private static final String BUCKET_OWNER = "BucketOwner";
  private static final String OUT_OF_TIME = "the 20 seconds of a test were over";
  private static final String ACCESS_DENIED = "AccessDenied";

  /** So that one that begins at last ends, by its own 4 seconds, before 20 are over. */
  private static final Duration LAST_BEGINNING = Duration.ofSeconds(16);

  private static final String PROBE_KEY = "logzio-test";
  private static final byte[] PROBE =
      "Log Archive tested here that it may write, list and read.\n"
          .getBytes(StandardCharsets.UTF_8);

  /** What was seen of whose archive it is. */
  private record Seen(Optional<Outcome> outcome, @Nullable ServiceException failure) {
    boolean foreign() {
      return outcome.filter(Outcome.Foreign.class::isInstance).isPresent();
    }
  }

  private final ArchiveStorageProvider provider;
  private final StorageAccess.S3 access;
  private final OwnershipProof.Claim claim;
  private final Claiming claiming;
  private final InstantSource clock;
  private final Instant start;
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
    this.provider = provider;
    this.access = access;
    this.claim = claim;
    this.claiming = claiming;
    this.clock = clock;
    this.start = clock.instant();
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
    ArchiveStorage storage = open(access);
    Check list = check(LIST, () -> storage.list(PROBE_KEY, null));
    Seen seen = look(storage);
    boolean letAlone = seen.foreign() && claiming != Claiming.WHAT_IS_ANOTHERS;
    String because = "the archive there is not yours";
    Check put =
        letAlone
            ? Check.notTried(PUT, true, because, Remedies.FOREIGN)
            : check(PUT, () -> storage.put(PROBE_KEY, Content.of(PROBE, "text/plain")));
    Check get =
        letAlone
            ? Check.notTried(GET, true, because, Remedies.FOREIGN)
            : check(GET, () -> readBack(storage, put.ok()));
    checks.addAll(List.of(put, list, get));
    boolean good = checks.stream().allMatch(Check::ok);
    checks.add(good ? ownership(storage, seen) : ownershipSeen(seen, list, get));
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

  private Seen look(ArchiveStorage storage) {
    try {
      return new Seen(claim.look(storage), null);
    } catch (ServiceException e) {
      return new Seen(Optional.empty(), e);
    }
  }

  /** What was seen, and the account's own proof in its place if it is to be put there. */
  private Check ownership(ArchiveStorage storage, Seen seen) {
    if (seen.failure() != null) {
      return failed(OWNERSHIP, true, seen.failure());
    }
    try {
      return switch (claiming) {
        case NOTHING -> seen.outcome().map(this::judged).orElse(Check.passed(OWNERSHIP));
        case WHAT_IS_FREE -> judged(seen.outcome().orElseGet(() -> claim.put(storage)));
        case WHAT_IS_ANOTHERS ->
            judged(
                seen.outcome().isEmpty()
                    ? claim.put(storage)
                    : claim.takeOver(storage, clock.instant()));
      };
    } catch (ServiceException e) {
      return failed(OWNERSHIP, true, e);
    }
  }

  /** After another check failed: then no proof is put there. */
  private Check ownershipSeen(Seen seen, Check list, Check get) {
    ServiceException failure = seen.failure();
    if (failure == null) {
      // What is another's stays so; what is to be taken over, or nobody's, is not put there yet.
      return seen.outcome()
          .filter(
              outcome -> outcome instanceof Outcome.Own || claiming != Claiming.WHAT_IS_ANOTHERS)
          .map(this::judged)
          .orElse(
              Check.notTried(
                  OWNERSHIP, true, "another check failed", "Mend the other checks first"));
    }
    if (failure.code().startsWith(ACCESS_DENIED)) {
      Check cause = get.ok() ? list : get;
      return Check.notTried(
          OWNERSHIP, true, cause.name() + " failed", "Mend " + cause.name() + " first");
    }
    return failed(OWNERSHIP, true, failure);
  }

  private Check judged(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Own own -> Check.passed(OWNERSHIP);
      case Outcome.Foreign foreign ->
          Check.failed(OWNERSHIP, true, foreign.reason(), Remedies.FOREIGN);
    };
  }

  /** Where nothing could be written, that nothing is there shows that it could be read. */
  private static void readBack(ArchiveStorage storage, boolean written) {
    try {
      if (!Arrays.equals(storage.get(PROBE_KEY, 0, 2 * PROBE.length), PROBE)) {
        throw new ServiceException.Denied(GET, "ContentDiffers", null, null);
      }
    } catch (ServiceException.NotFound e) {
      if (written) {
        throw e;
      }
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
    return new TimedStorage(provider.open(opened, Patience.BRIEF), this::late);
  }

  private boolean late() {
    return clock.instant().isAfter(start.plus(LAST_BEGINNING));
  }

  private Check check(String name, Runnable call) {
    if (late()) {
      return Check.notTried(name, true, OUT_OF_TIME, "Try again");
    }
    try {
      call.run();
      return Check.passed(name);
    } catch (ServiceException e) {
      return failed(name, true, e);
    }
  }

  private Check failed(String name, boolean required, ServiceException failure) {
    if (failure.deploymentsOwn()) {
      throw failure;
    }
    if (failure.code().equals(TimedStorage.OUT_OF_TIME)) {
      return Check.notTried(name, required, OUT_OF_TIME, "Try again");
    }
    String error = String.valueOf(failure.getMessage());
    return failure.code().equals(ACCESS_DENIED) && OF_OBJECTS.contains(name) && requesterPays()
        ? Check.failed(name, required, error, Remedies.requesterPays())
        : Check.failed(name, required, error, remedies.of(name, failure));
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
