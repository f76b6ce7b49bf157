package io.logarchive.aws;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.testkit.ArchiveStorageFailureContract;
import io.logarchive.testkit.RecordingArchiveStorage.Operation;
import io.logarchive.testkit.StubServer.Reply;
import java.net.URI;

final class S3ArchiveStorageFailureTest implements ArchiveStorageFailureContract {

  @Override
  public ArchiveStorage storage(URI endpoint, Patience patience) {
    return new S3ArchiveStorageProvider(EmbeddedS3.clients(endpoint))
        .open(EmbeddedS3.access("bucket", "logs"), patience);
  }

  @Override
  public String secret() {
    return EmbeddedS3.SECRET_KEY;
  }

  @Override
  public Reply.Whole failure(int status, String code, String requestId) {
    return S3Replies.error(status, code, requestId);
  }

  @Override
  public String missingBucketCode() {
    return "NoSuchBucket";
  }

  @Override
  public String throttledCode() {
    return "SlowDown";
  }

  @Override
  public Reply.Whole success(Operation operation) {
    return switch (operation) {
      case PUT, PUT_IF_ABSENT -> S3Replies.put();
      case GET -> S3Replies.get("{\"a\":1}\n");
      case LIST, HEAD ->
          S3Replies.list(
              "<Contents><Key>logs/key</Key><Size>8</Size><StorageClass>STANDARD</StorageClass>"
                  + "</Contents>");
    };
  }
}
