package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.Content;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.ArchiveStorageContract;
import io.logarchive.testkit.Samples;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

final class S3ArchiveStorageTest implements ArchiveStorageContract {
  private static EmbeddedS3 s3;
  private static S3ArchiveStorageProvider provider;

  private final String bucket = "bucket-" + Samples.uid();

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    s3 = new EmbeddedS3(directory);
    provider = new S3ArchiveStorageProvider(s3.clients(), null, PAGE_SIZE);
  }

  @AfterAll
  static void stop() throws Exception {
    s3.stop();
  }

  @BeforeEach
  void createBucket() throws Exception {
    s3.createBucket(bucket);
  }

  @Override
  public ArchiveStorage storage(String prefix) {
    return provider.open(EmbeddedS3.access(bucket, prefix), Patience.RETRYING);
  }

  /** S3Proxy compares keys as Java does, by UTF-16; S3 by UTF-8. */
  @Test
  @Override
  public void thatOrderHoldsForEveryPlaneOfUnicode() {
    assertThatThrownBy(ArchiveStorageContract.super::thatOrderHoldsForEveryPlaneOfUnicode)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aWrongSecretKeyIsDenied() {
    assertRefused(
        StorageAccess.S3.keys(
            new S3Location(bucket, ""), EmbeddedS3.ACCESS_KEY, new Secret("wrong")),
        "SignatureDoesNotMatch");
  }

  /**
   * As a person meets it who sets up an archive. S3Proxy hangs up on an unknown key without reading
   * the body, which a connection that is used again does not survive.
   */
  @Test
  void anUnknownAccessKeyIsDenied() {
    assertRefused(
        StorageAccess.S3.keys(
            new S3Location(bucket, ""), "AKIAUNKNOWN", new Secret(EmbeddedS3.SECRET_KEY)),
        Patience.BRIEF,
        "InvalidAccessKeyId");
  }

  @Test
  void aMissingBucketIsDenied() {
    assertRefused(EmbeddedS3.access("no-such-bucket", "logs"), "NoSuchBucket");
  }

  @Test
  void theDeploymentsOwnBucketOpensWithItsOwnCredentials() {
    ArchiveStorage own = provider.openOwn(new S3Location(bucket, "plans"));
    assertThat(own.putIfAbsent("plan", Content.of(new byte[] {1, 2}, Content.JSON))).isTrue();
    assertThat(storage("").get("plans/plan", 0, 10)).containsExactly(1, 2);
  }

  @Test
  void anObjectIsStoredWithItsTypeAndWithoutAnEncoding() {
    storage("").putIfAbsent("key", Content.of(new byte[] {1, 2}, Content.LOGS));
    try (S3Client raw = s3.clients().retryingS3()) {
      HeadObjectResponse head = raw.headObject(request -> request.bucket(bucket).key("key"));
      assertThat(head.contentType()).isEqualTo(Content.LOGS);
      assertThat(head.contentEncoding()).isNull();
    }
  }

  private static void assertRefused(StorageAccess.S3 access, String code) {
    assertRefused(access, Patience.RETRYING, code);
    assertRefused(access, Patience.BRIEF, code);
  }

  private static void assertRefused(StorageAccess.S3 access, Patience patience, String code) {
    ArchiveStorage storage = provider.open(access, patience);
    Content content = Content.of(new byte[] {1}, Content.LOGS);
    assertDenied(() -> storage.putIfAbsent("key", content), code);
    assertDenied(() -> storage.put("key", content), code);
    assertDenied(() -> storage.get("key", 0, 1), code);
    assertDenied(() -> storage.list("", null), code);
    assertDenied(() -> storage.head("key"), code);
  }

  private static void assertDenied(Runnable call, String code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ServiceException.Denied.class, denied -> assertThat(denied.code()).isEqualTo(code));
  }
}
