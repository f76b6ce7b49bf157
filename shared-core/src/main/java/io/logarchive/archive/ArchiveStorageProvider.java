package io.logarchive.archive;

/** Opens archive storages. Owns their connections and whatever credentials expire. */
public interface ArchiveStorageProvider {

  /** How long an opened storage tries. */
  enum Patience {
    /** Retries what may pass, as work in the background wants it. */
    RETRYING,
    /** One try of at most 4 seconds for each call, as a person who waits wants it. */
    BRIEF
  }

  /** Opens a storage without calling it: a wrong key or bucket shows at the first call. */
  ArchiveStorage open(StorageAccess access, Patience patience);

  /** As {@link BucketProvider#inquire}. */
  BucketInquiry inquire(StorageAccess.S3 access);

  /** As {@link ContainerProvider#signIn}. */
  ArchiveStorage signIn(StorageAccess.Blob access);
}
