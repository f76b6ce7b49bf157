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

  /** Prepares what a connection test asks about a bucket; calls nothing yet. */
  BucketInquiry inquire(StorageAccess.S3 access);

  /** Whether it opens containers in Azure too; if not, opening one is refused. */
  boolean opensContainers();

  /** As {@link ContainerProvider#signIn}. */
  void signIn(StorageAccess.Blob access);
}
