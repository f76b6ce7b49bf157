package io.logarchive.archive;

import io.logarchive.archive.ArchiveStorageProvider.Patience;

/** Opens archives in S3 buckets. Owns their connections and whatever credentials expire. */
public interface BucketProvider {

  /** Opens a bucket without calling it: a wrong key or name shows at the first call. */
  ArchiveStorage open(StorageAccess.S3 access, Patience patience);

  /** Prepares what a connection test asks about a bucket; calls nothing yet. */
  BucketInquiry inquire(StorageAccess.S3 access);
}
