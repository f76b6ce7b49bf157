package io.logarchive.archive;

/** Opens archives wherever they are: in buckets by one provider, in containers by another. */
public record StorageProviders(ArchiveStorageProvider buckets, ContainerProvider containers)
    implements ArchiveStorageProvider {

  @Override
  public ArchiveStorage open(StorageAccess access, Patience patience) {
    return switch (access) {
      case StorageAccess.S3 s3 -> buckets.open(s3, patience);
      case StorageAccess.Blob blob -> containers.open(blob, patience);
    };
  }

  @Override
  public BucketInquiry inquire(StorageAccess.S3 access) {
    return buckets.inquire(access);
  }

  @Override
  public boolean opensContainers() {
    return true;
  }

  @Override
  public void signIn(StorageAccess.Blob access) {
    containers.signIn(access);
  }
}
