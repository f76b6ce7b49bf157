package io.logarchive.archive;

import io.logarchive.audit.AuditEntry;
import java.util.List;
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
     * Somebody else wrote the account's settings or one of the claims since they were read; nothing
     * is stored.
     */
    CHANGED,
    /** The settings' id belongs to something else in the deployment; nothing is stored. */
    ID_TAKEN
  }

  /** The account's settings; an account has at most one. */
  Optional<ArchiveSettings> find(int accountId);

  Optional<BucketClaim> findClaim(String key);

  /** The claim on a bucket or container; one that nobody holds if there is none. */
  default BucketClaim claim(StorageLocation location) {
    String key = location.claimKey();
    return findClaim(key).orElseGet(() -> BucketClaim.none(key));
  }

  /**
   * Writes settings, claims and the audit entry together or not at all, on condition that the
   * stored versions are the ones just before those given; version 1 asks that there is no record
   * yet.
   *
   * @param claims those that change, each another; at most 50
   * @param entry tells of the change: written with it or not at all
   */
  Saved save(ArchiveSettings settings, List<BucketClaim> claims, AuditEntry entry);

  /**
   * Removes settings, their sealed secrets with them, and writes the claims and the audit entry,
   * together or not at all, on condition that the stored settings are of this version and each
   * stored claim of the one just before. The settings' id stays taken.
   *
   * @return false if somebody else wrote either since they were read; nothing is changed then
   */
  boolean remove(ArchiveSettings settings, List<BucketClaim> claims, AuditEntry entry);
}
