package io.logarchive.archive;

import io.logarchive.archive.ConnectionTest.Check;
import io.logarchive.archive.ConnectionTest.Claiming;
import io.logarchive.archive.OwnershipProof.Outcome;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a test of any storage has in common: whose archive it is, and whether it can be used. */
abstract class StorageTest {
  static final String OWNERSHIP = "OwnershipProof";
  static final String OUT_OF_TIME = "the 20 seconds of a test were over";

  /** So that one that begins at last ends, by its own 4 seconds, before 20 are over. */
  private static final Duration LAST_BEGINNING = Duration.ofSeconds(16);

  static final String PROBE_KEY = "logzio-test";
  private static final byte[] PROBE =
      "Log Archive tested here that it may write, list and read.\n"
          .getBytes(StandardCharsets.UTF_8);

  /** What was seen of whose archive it is. */
  private record Seen(Optional<Outcome> outcome, @Nullable ServiceException failure) {
    boolean foreign() {
      return outcome.filter(Outcome.Foreign.class::isInstance).isPresent();
    }
  }

  private final String put;
  private final String list;
  private final String get;
  private final OwnershipProof.Claim claim;
  private final Claiming claiming;
  private final InstantSource clock;
  private final Instant start;

  /**
   * @param put what the check is called that writes; and so the two that list and read
   */
  StorageTest(
      String put,
      String list,
      String get,
      OwnershipProof.Claim claim,
      Claiming claiming,
      InstantSource clock) {
    this.put = put;
    this.list = list;
    this.get = get;
    this.claim = claim;
    this.claiming = claiming;
    this.clock = clock;
    this.start = clock.instant();
  }

  /** Whether the storage says that a permission is missing. */
  abstract boolean refusesAccess(ServiceException failure);

  /** What to do about a failure of this check. */
  abstract String remedy(String name, ServiceException failure);

  /** Writes the probe, over one of an earlier test. */
  void probe(ArchiveStorage storage, String key, Content content) {
    storage.put(key, content);
  }

  /**
   * Writes, lists and reads, and looks whose archive it is.
   *
   * @return the check that lists
   */
  final Check archive(List<Check> checks, ArchiveStorage storage) {
    Check listed = check(list, () -> storage.list(PROBE_KEY, null));
    Seen seen = look(storage);
    boolean letAlone = seen.foreign() && claiming != Claiming.WHAT_IS_ANOTHERS;
    String because = "the archive there is not yours";
    Check written =
        letAlone
            ? Check.notTried(put, true, because, Remedies.FOREIGN)
            : check(put, () -> probe(storage, PROBE_KEY, Content.of(PROBE, "text/plain")));
    Check read =
        letAlone
            ? Check.notTried(get, true, because, Remedies.FOREIGN)
            : check(get, () -> readBack(storage, written.ok()));
    checks.addAll(List.of(written, listed, read));
    boolean good = checks.stream().allMatch(Check::ok);
    checks.add(good ? ownership(storage, seen) : ownershipSeen(seen, listed, read));
    return listed;
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
  private Check ownershipSeen(Seen seen, Check listed, Check read) {
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
    if (refusesAccess(failure)) {
      Check cause = read.ok() ? listed : read;
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
  private void readBack(ArchiveStorage storage, boolean written) {
    try {
      if (!Arrays.equals(storage.get(PROBE_KEY, 0, 2 * PROBE.length), PROBE)) {
        throw new ServiceException.Denied(get, "ContentDiffers", null, null);
      }
    } catch (ServiceException.NotFound e) {
      if (written) {
        throw e;
      }
    }
  }

  final ArchiveStorage inTime(ArchiveStorage storage) {
    return new TimedStorage(storage, this::late);
  }

  final boolean late() {
    return clock.instant().isAfter(start.plus(LAST_BEGINNING));
  }

  final Check check(String name, Runnable call) {
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

  final Check failed(String name, boolean required, ServiceException failure) {
    if (failure.deploymentsOwn()) {
      throw failure;
    }
    return failure.code().equals(TimedStorage.OUT_OF_TIME)
        ? Check.notTried(name, required, OUT_OF_TIME, "Try again")
        : Check.failed(name, required, String.valueOf(failure.getMessage()), remedy(name, failure));
  }
}
