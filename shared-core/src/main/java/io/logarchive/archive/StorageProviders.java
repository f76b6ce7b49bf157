package io.logarchive.archive;

import java.util.function.Supplier;

/**
 * Opens archives wherever they are: in buckets by one provider, in containers by another. Neither
 * is made before something asks for it.
 */
public record StorageProviders(
    Supplier<? extends BucketProvider> buckets, Supplier<? extends ContainerProvider> containers)
    implements ArchiveStorageProvider {

  @Override
  public ArchiveStorage open(StorageAccess access, Patience patience) {
    return switch (access) {
      case StorageAccess.S3 s3 -> buckets.get().open(s3, patience);
      case StorageAccess.Blob blob -> containers.get().open(blob, patience);
    };
  }

  @Override
  public BucketInquiry inquire(StorageAccess.S3 access) {
    return buckets.get().inquire(access);
  }

  @Override
  public ArchiveStorage signIn(StorageAccess.Blob access) {
    return containers.get().signIn(access);
  }
}
