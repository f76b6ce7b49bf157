package io.logarchive.archive;

import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.fault.ServiceException;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Opens accounts' archives, after making sure that each still is the account's own: the ownership
 * proof in it is looked at every 15 minutes, and a missing one is put back.
 */
public final class Archives {
  private static final Duration PROOF_HOLDS = Duration.ofMinutes(15);
  private static final int MOST = 1_000;

  /** What comes of opening an archive. */
  public sealed interface Opened {
    record Open(ArchiveStorage storage) implements Opened {}

    /** The proof in the bucket is not this account's: nothing may be written or read there. */
    record Foreign(String reason) implements Opened {}

    /** The storage refused or did not answer, when the proof in it was looked at. */
    record Failed(ServiceException failure) implements Opened {}
  }

  private record Key(int settingsId, long version, StorageLocation location) {}

  private record Entry(ArchiveStorage storage, Instant provenUntil) {}

  private final ArchiveStorageProvider provider;
  private final SecretSealer sealer;
  private final OwnershipProof proof;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Map<Key, Entry> open = new ConcurrentHashMap<>();

  public Archives(
      ArchiveStorageProvider provider,
      SecretSealer sealer,
      OwnershipProof proof,
      Metrics metrics,
      InstantSource clock) {
    this.provider = provider;
    this.sealer = sealer;
    this.proof = proof;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Opens the archive; calls its storage only if the proof was not looked at for 15 minutes.
   *
   * @throws ServiceException for what the deployment itself needs, the keys that open secrets and
   *     sign proofs, the role that customers' roles trust: no fault of the storage's
   */
  public Opened open(ArchiveSettings settings) {
    return open(settings, settings.storage());
  }

  /**
   * The same of one of the places that the settings name: the present one or an earlier. A storage
   * of a kind that this deployment cannot reach has failed too.
   */
  public Opened open(ArchiveSettings settings, StorageSettings place) {
    Key key = new Key(settings.id(), settings.version(), place.location());
    Instant now = clock.instant();
    Entry entry = open.get(key);
    if (entry != null && now.isBefore(entry.provenUntil())) {
      return new Opened.Open(entry.storage());
    }
    Supplier<ArchiveStorage> storage =
        entry != null ? entry::storage : storage(settings, settings.access(place, sealer));
    OwnershipProof.Claim claim = proof.claim(settings.accountUid(), place.location().uri());
    try {
      ArchiveStorage opened = storage.get();
      return judged(key, opened, claim.keep(opened), now);
    } catch (ServiceException e) {
      if (e.deploymentsOwn()) {
        throw e;
      }
      return new Opened.Failed(e);
    }
  }

  private Opened judged(
      Key key, ArchiveStorage storage, OwnershipProof.Outcome found, Instant now) {
    return switch (found) {
      case OwnershipProof.Outcome.Own own -> {
        if (open.size() >= MOST) {
          open.clear();
        }
        open.put(key, new Entry(storage, now.plus(PROOF_HOLDS)));
        yield new Opened.Open(storage);
      }
      case OwnershipProof.Outcome.Foreign foreign -> {
        open.remove(key);
        metrics.add(Metric.STORAGE_ERRORS, Integer.toString(key.settingsId()), 1);
        yield new Opened.Foreign(foreign.reason());
      }
    };
  }

  private Supplier<ArchiveStorage> storage(ArchiveSettings settings, StorageAccess access) {
    return () ->
        new CountedStorage(provider.open(access, Patience.RETRYING), settings.id(), metrics);
  }
}
