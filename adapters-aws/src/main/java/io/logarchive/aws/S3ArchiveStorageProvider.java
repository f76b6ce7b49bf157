package io.logarchive.aws;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.fault.ServiceException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Opens archives in S3 buckets, in whatever region each is. All share two clients; each call
 * carries its own archive's credentials.
 */
public final class S3ArchiveStorageProvider implements ArchiveStorageProvider {
  private static final int PAGE_SIZE = 1_000;

  private final S3Client retrying;
  private final S3Client brief;
  private final AwsCredentialsProvider own;
  private final int pageSize;

  public S3ArchiveStorageProvider(AwsClients clients) {
    this(clients, PAGE_SIZE);
  }

  /**
   * @param pageSize how many objects a page of a listing holds, at most 1,000
   */
  S3ArchiveStorageProvider(AwsClients clients, int pageSize) {
    this.retrying = clients.retryingS3();
    this.brief = clients.briefS3();
    this.own = clients.credentials();
    this.pageSize = pageSize;
  }

  @Override
  public ArchiveStorage open(StorageAccess access, Patience patience) {
    S3Client client =
        switch (patience) {
          case RETRYING -> retrying;
          case BRIEF -> brief;
        };
    return switch (access) {
      case StorageAccess.S3 s3 ->
          new S3ArchiveStorage(client, s3.location(), credentials(s3.login()), pageSize);
      case StorageAccess.Blob blob ->
          throw new ServiceException.Denied("OpenStorage", "BlobNotAvailable", null, null);
    };
  }

  private static AwsCredentialsProvider credentials(StorageAccess.S3Login login) {
    return switch (login) {
      case StorageAccess.S3Login.Keys keys ->
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(keys.accessKey(), keys.secretKey().value()));
      case StorageAccess.S3Login.Role role ->
          throw new ServiceException.Denied("AssumeRole", "RolesNotAvailable", null, null);
    };
  }

  /** Opens a bucket of the deployment's own, with its own credentials. */
  public ArchiveStorage openOwn(S3Location location) {
    return new S3ArchiveStorage(retrying, location, own, pageSize);
  }
}
