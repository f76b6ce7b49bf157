package io.logarchive.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;

/**
 * S3 over a directory: a bucket is a folder in it, an object a file named by its key. Requests must
 * be signed with the access key.
 */
final class EmbeddedS3 implements AutoCloseable {
  private static final Pattern UNFINISHED =
      Pattern.compile(".*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final S3Proxy server;
  private final FilesystemNio2BlobStore store;
  private final Path directory;
  private final URI endpoint;

  private EmbeddedS3(S3Proxy server, FilesystemNio2BlobStore store, Path directory, URI endpoint) {
    this.server = server;
    this.store = store;
    this.directory = directory;
    this.endpoint = endpoint;
  }

  static EmbeddedS3 start(Path directory, AccessKey key) throws IOException {
    deleteUnfinished(directory);
    String loopback = InetAddress.getLoopbackAddress().getHostAddress();
    FilesystemNio2BlobStore store = new FilesystemNio2BlobStore(directory.toString());
    S3Proxy server =
        S3Proxy.builder()
            .endpoint(URI.create("http://" + loopback + ":0"))
            .awsAuthentication(AuthenticationType.AWS_V4, key.id(), key.secret())
            .blobStore(store)
            // Such as a session's token and the owner that a bucket should have: it knows neither.
            .ignoreUnknownHeaders(true)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("The embedded S3 does not start in " + directory, e);
    }
    URI endpoint = URI.create("http://" + loopback + ":" + server.getPort());
    return new EmbeddedS3(server, store, directory, endpoint);
  }

  URI endpoint() {
    return endpoint;
  }

  /** Makes the bucket unless it is there. */
  void createBucket(String name) throws IOException {
    Files.createDirectories(directory.resolve(name));
    // A folder that others on the machine may read is a bucket that anyone may read unsigned.
    store.setContainerAccess(name, BucketCannedACL.PRIVATE);
  }

  /** A put that a kill cuts off leaves a file beside the objects, its name ends in a UUID. */
  private static void deleteUnfinished(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (UNFINISHED.matcher(file.toString()).matches()) {
              Files.delete(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("The embedded S3 does not stop", e);
    }
  }
}
