package io.logarchive.archive;

import io.logarchive.archive.ConnectionTest.Check;
import io.logarchive.archive.ConnectionTest.Claiming;
import io.logarchive.archive.ConnectionTest.Report;
import io.logarchive.fault.ServiceException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One test of a container in Azure. */
final class ContainerTest extends StorageTest {
  private static final String TOKEN = "Token";
  private static final String PUT = "PutBlob";
  private static final String LIST = "ListBlobs";
  private static final String GET = "GetBlob";

  /** What keeps a blob as it is, and lets it be read. */
  private static final Set<String> KEPT =
      Set.of("BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold");

  /** What is called in a container, in the order of the report. */
  static final List<String> CALLS = List.of(PUT, LIST, GET);

  private final ArchiveStorageProvider provider;
  private final StorageAccess.Blob access;
  private final ContainerRemedies remedies;
  private @Nullable ArchiveStorage signedIn;

  ContainerTest(
      ArchiveStorageProvider provider,
      StorageAccess.Blob access,
      OwnershipProof.Claim claim,
      Claiming claiming,
      InstantSource clock) {
    super(PUT, LIST, GET, claim, claiming, clock);
    this.provider = provider;
    this.access = access;
    this.remedies = new ContainerRemedies(access);
  }

  Report run() {
    List<Check> checks = new ArrayList<>();
    checks.add(check(TOKEN, () -> signedIn = provider.signIn(access)));
    if (signedIn != null) {
      archive(checks, inTime(signedIn));
    } else {
      Stream.concat(CALLS.stream(), Stream.of(OWNERSHIP))
          .map(name -> Check.notTried(name, true, TOKEN + " failed", "Mend " + TOKEN + " first"))
          .forEach(checks::add);
    }
    return new Report(checks, null);
  }

  /** What keeps all that is there keeps the same probe of an earlier test. */
  @Override
  void probe(ArchiveStorage storage, String key, Content content) {
    try {
      storage.put(key, content);
    } catch (ServiceException.Denied e) {
      if (!KEPT.contains(e.code())) {
        throw e;
      }
    }
  }

  @Override
  boolean refusesAccess(ServiceException failure) {
    return failure.code().equals(ContainerRemedies.NO_PERMISSION);
  }

  @Override
  String remedy(String name, ServiceException failure) {
    return remedies.of(name.equals(OWNERSHIP) ? OwnershipProof.KEY : PROBE_KEY, failure);
  }
}
