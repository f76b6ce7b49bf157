package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.Content;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.fault.ServiceException;
import org.junit.jupiter.api.Test;

final class InMemoryArchiveStorageProviderTest {
  private final InMemoryArchiveStorageProvider provider = new InMemoryArchiveStorageProvider();
  private final InMemoryArchiveStorage.Bucket bucket =
      provider.createBucket("bucket", "key", "secret");

  @Test
  void theRightKeyOpensTheBucket() {
    open("bucket/logs", "key", "secret").put("one", Content.of(new byte[3], Content.LOGS));
    assertThat(bucket.keys()).containsExactly("logs/one");
  }

  @Test
  void aWrongKeyOrBucketShowsAtTheFirstCall() {
    assertRefused(open("bucket", "other", "secret"), "InvalidAccessKeyId");
    assertRefused(open("bucket", "key", "other"), "SignatureDoesNotMatch");
    assertRefused(open("no-bucket", "key", "secret"), "NoSuchBucket");
  }

  private static void assertRefused(ArchiveStorage storage, String code) {
    assertThatThrownBy(() -> storage.list("", null))
        .isInstanceOfSatisfying(
            ServiceException.Denied.class, denied -> assertThat(denied.code()).isEqualTo(code));
  }

  private ArchiveStorage open(String path, String accessKey, String secretKey) {
    return provider.open(
        StorageAccess.S3.keys(S3Location.parse(path), accessKey, new Secret(secretKey)),
        ArchiveStorageProvider.Patience.BRIEF);
  }
}
