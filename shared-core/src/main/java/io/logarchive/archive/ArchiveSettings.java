package io.logarchive.archive;

import io.logarchive.account.Uid;
import io.logarchive.format.Compression;
import java.time.Instant;

/**
 * Where an account archives, and how.
 *
 * @param enabled false while its owner has paused archiving
 * @param version counts the writes of this record from 1 on; a write states the next
 */
public record ArchiveSettings(
    int id,
    int accountId,
    Uid accountUid,
    S3Settings s3,
    boolean enabled,
    Compression compression,
    Instant createdAt,
    long version) {

  SecretSealer.SealContext sealContext() {
    return new SecretSealer.SealContext(accountUid, id);
  }
}
