package io.logarchive.archive;

import java.util.Optional;

/**
 * Keeps archive settings and the claims on buckets. Reads see every write that was answered before
 * them. Safe for concurrent use; failures are {@link io.logarchive.fault.ServiceException}s.
 */
public interface ArchiveSettingsStore {

  /** What came of a write. */
  enum Saved {
    YES,
    /**
     * Somebody else wrote the account's settings or the claim since they were read; nothing is
     * stored.
     */
    CHANGED,
    /** The settings' id belongs to something else in the deployment; nothing is stored. */
    ID_TAKEN
  }

  /** The account's settings; an account has at most one. */
  Optional<ArchiveSettings> find(int accountId);

  Optional<BucketClaim> findClaim(String key);

  /**
   * Writes settings and claim together or not at all, on condition that the stored versions are the
   * ones just before those given; version 1 asks that there is no record yet.
   */
  Saved save(ArchiveSettings settings, BucketClaim claim);

  /**
   * Removes settings, their sealed secret with them, and writes the claim, together or not at all,
   * on condition that the stored settings are of this version and the stored claim of the one just
   * before. The settings' id stays taken.
   *
   * @return false if somebody else wrote either since they were read; nothing is changed then
   */
  boolean remove(ArchiveSettings settings, BucketClaim claim);
}
