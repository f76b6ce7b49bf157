package io.logarchive.aws;

import io.logarchive.account.Secret;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;

/** S3 over a directory, which checks signatures. */
final class EmbeddedS3 {
  static final String ACCESS_KEY = "AKIAEMBEDDEDS3EXAMPL";
  static final String SECRET_KEY = "planted+secret/key0123456789abcdefghijk";
  static final String REGION = "eu-central-1";

  private final S3Proxy server;
  private final FilesystemNio2BlobStore store;
  private final Path directory;

  EmbeddedS3(Path directory) throws Exception {
    this.directory = directory;
    this.store = new FilesystemNio2BlobStore(directory.toString());
    this.server =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .blobStore(store)
            .build();
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  AwsClients clients() {
    return clients(endpoint());
  }

  /** Clients for S3 at some address, with the key of the embedded one. */
  static AwsClients clients(URI s3) {
    return new AwsClients(
        REGION,
        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)),
        AwsEndpoints.at(s3));
  }

  void createBucket(String name) throws Exception {
    Files.createDirectories(directory.resolve(name));
    // A folder that others on the machine may read is a bucket that anyone may read unsigned.
    store.setContainerAccess(name, BucketCannedACL.PRIVATE);
  }

  static StorageAccess.S3 access(String bucket, String prefix) {
    return StorageAccess.S3.keys(
        new S3Location(bucket, prefix), ACCESS_KEY, new Secret(SECRET_KEY));
  }

  void stop() throws Exception {
    server.stop();
  }
}
