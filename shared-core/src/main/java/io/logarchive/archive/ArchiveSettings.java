package io.logarchive.archive;

import io.logarchive.account.Uid;
import io.logarchive.format.Compression;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where an account archives, and how.
 *
 * @param since when archiving into this storage began
 * @param enabled false while its owner has paused archiving
 * @param suspension why nothing may be written into the storage until a test of it passes; null if
 *     it may
 * @param earlier where the account archived before, the latest first
 * @param version counts the writes of this record from 1 on; a write states the next
 */
public record ArchiveSettings(
    int id,
    int accountId,
    Uid accountUid,
    StorageSettings storage,
    Instant since,
    boolean enabled,
    Compression compression,
    @Nullable String suspension,
    List<EarlierLocation> earlier,
    Instant createdAt,
    long version) {

  public ArchiveSettings {
    earlier = List.copyOf(earlier);
  }

  /** As it is first written. */
  public static ArchiveSettings created(
      int id,
      int accountId,
      Uid accountUid,
      StorageSettings storage,
      boolean enabled,
      Compression compression,
      Instant now) {
    return new ArchiveSettings(
        id, accountId, accountUid, storage, now, enabled, compression, null, List.of(), now, 1);
  }

  SecretSealer.SealContext sealContext() {
    return new SecretSealer.SealContext(accountUid, id);
  }

  /** What opens the archive, or an earlier location of it. */
  StorageAccess access(StorageSettings place, SecretSealer sealer) {
    return place.access(accountId, secret -> sealer.open(sealContext(), secret));
  }

  /** Where the account archived before, once it archives into this place from now on. */
  List<EarlierLocation> earlierThan(StorageLocation location, Instant now) {
    List<EarlierLocation> all = new ArrayList<>();
    if (!storage.location().equals(location)) {
      all.add(new EarlierLocation(storage, since, now));
    }
    all.addAll(earlier);
    all.removeIf(each -> each.storage().location().equals(location));
    return all;
  }

  /** Whether this follows from the settings before without anything that needs a test. */
  boolean onlyPauses(ArchiveSettings before) {
    return !enabled && storage.equals(before.storage) && compression == before.compression;
  }

  /** The same with a reason why nothing may be written, or with none. */
  ArchiveSettings suspended(@Nullable String reason) {
    return new ArchiveSettings(
        id,
        accountId,
        accountUid,
        storage,
        since,
        enabled,
        compression,
        reason,
        earlier,
        createdAt,
        version + 1);
  }

  /** All places that restores read: where the account archives now, and where it did before. */
  public List<StorageSettings> places() {
    return Stream.concat(Stream.of(storage), earlier.stream().map(EarlierLocation::storage))
        .toList();
  }
}
