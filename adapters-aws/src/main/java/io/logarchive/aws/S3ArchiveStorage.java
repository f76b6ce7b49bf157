package io.logarchive.aws;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.aws.AwsFault.Effect;
import io.logarchive.fault.ServiceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectStorageClass;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * An archive in an S3 bucket. It needs three permissions: {@code PutObject}, {@code GetObject},
 * {@code ListBucket}. A plain listing, which is all that every store knows, tells neither that an
 * object of the class {@code INTELLIGENT_TIERING} lies in one of its archive tiers (it counts as
 * readable, and reading it is then refused) nor that one in {@code GLACIER} was thawed.
 */
final class S3ArchiveStorage implements ArchiveStorage {
  private static final String PUT = "PutObject";
  private static final String GET = "GetObject";
  private static final String LIST = "ListObjectsV2";

  /** What S3 says of credentials that it knows no more; only those of sessions can be renewed. */
  private static final Set<String> UNKNOWN_CREDENTIALS =
      Set.of("InvalidAccessKeyId", "InvalidToken", "ExpiredToken");

  /**
   * Larger objects are announced first, since a service that refuses one and hangs up in the middle
   * of it would not be understood. The HTTP client then loses the text of the refusal, and with it
   * the service's code, so smaller ones are sent at once.
   */
  private static final long ANNOUNCED_BYTES = 1 << 20;

  private final S3Client client;
  private final String bucket;
  private final String root;
  private final S3Options options;
  private final ArchiveCredentials credentials;
  private final int pageSize;

  S3ArchiveStorage(
      S3Client client,
      S3Location location,
      S3Options options,
      ArchiveCredentials credentials,
      int pageSize) {
    this.client = client;
    this.bucket = location.bucket();
    this.root = location.prefix().isEmpty() ? "" : location.prefix() + "/";
    this.options = options;
    this.credentials = credentials;
    this.pageSize = pageSize;
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return call(
        PUT,
        Effect.WRITE,
        login -> {
          try {
            client.putObject(request(key, content, login).ifNoneMatch("*").build(), body(content));
            return true;
          } catch (S3Exception e) {
            return switch (e.statusCode()) {
              case 412 -> false;
              case 501 -> {
                client.putObject(request(key, content, login).build(), body(content));
                yield true;
              }
              default -> throw e;
            };
          }
        });
  }

  @Override
  public void put(String key, Content content) {
    call(
        PUT,
        Effect.WRITE,
        login -> client.putObject(request(key, content, login).build(), body(content)));
  }

  @Override
  public byte[] get(String key, long from, int most) {
    if (from < 0 || most < 1) {
      throw new IllegalArgumentException("No range: " + most + " bytes from " + from);
    }
    return call(
        GET,
        Effect.READ,
        login -> {
          try {
            return client.getObject(
                get ->
                    get.bucket(bucket)
                        .key(root + key)
                        .range("bytes=" + from + "-" + (from + most - 1))
                        .expectedBucketOwner(options.owner())
                        .overrideConfiguration(signed(login).build()),
                S3ArchiveStorage::read);
          } catch (S3Exception e) {
            if (e.statusCode() == 416) {
              return new byte[0];
            }
            throw e;
          }
        });
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    ListObjectsV2Response reply = list(prefix, pageToken, pageSize);
    return new Page(
        reply.contents().stream().map(this::info).toList(),
        reply.isTruncated() ? reply.nextContinuationToken() : null);
  }

  /** Asks for a listing: unlike a HEAD it tells a missing bucket from a missing object. */
  @Override
  public Optional<ObjectInfo> head(String key) {
    return list(key, null, 1).contents().stream()
        .map(this::info)
        .filter(info -> info.key().equals(key))
        .findFirst();
  }

  private ListObjectsV2Response list(String prefix, @Nullable String pageToken, int most) {
    return call(
        LIST,
        Effect.READ,
        login -> {
          ListObjectsV2Response reply =
              client.listObjectsV2(
                  list ->
                      list.bucket(bucket)
                          .prefix(root + prefix)
                          .continuationToken(pageToken)
                          .maxKeys(most)
                          .expectedBucketOwner(options.owner())
                          .overrideConfiguration(signed(login).build()));
          if (reply.isTruncated() == null) {
            // Cut off before its body began, which the SDK takes for an empty listing.
            throw SdkClientException.create("The listing ended before it began");
          }
          return reply;
        });
  }

  private ObjectInfo info(S3Object object) {
    String storageClass = object.storageClassAsString();
    boolean archived =
        object.storageClass() == ObjectStorageClass.GLACIER
            || object.storageClass() == ObjectStorageClass.DEEP_ARCHIVE;
    return new ObjectInfo(
        object.key().substring(root.length()),
        object.size(),
        storageClass == null ? "STANDARD" : storageClass,
        !archived);
  }

  private PutObjectRequest.Builder request(
      String key, Content content, AwsCredentialsProvider login) {
    AwsRequestOverrideConfiguration.Builder signed = signed(login);
    if (content.length() >= ANNOUNCED_BYTES) {
      signed.putHeader("Expect", "100-continue");
    }
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key(root + key)
        .contentType(content.type())
        .checksumCRC32(crc32(content))
        .expectedBucketOwner(options.owner())
        // Proofs are small, and read again and again: only logs lie in a class of their own.
        .storageClass(content.type().equals(Content.LOGS) ? options.storageClass() : null)
        .serverSideEncryption(options.kmsKeyId() == null ? null : ServerSideEncryption.AWS_KMS)
        .ssekmsKeyId(options.kmsKeyId())
        .overrideConfiguration(signed.build());
  }

  private static AwsRequestOverrideConfiguration.Builder signed(AwsCredentialsProvider login) {
    return AwsRequestOverrideConfiguration.builder().credentialsProvider(login);
  }

  private static RequestBody body(Content content) {
    return RequestBody.fromContentProvider(
        () -> stream(content.parts()), content.length(), content.type());
  }

  private static InputStream stream(List<byte[]> parts) {
    return new SequenceInputStream(
        Collections.enumeration(parts.stream().map(ByteArrayInputStream::new).toList()));
  }

  private static String crc32(Content content) {
    CRC32 checksum = new CRC32();
    content.parts().forEach(checksum::update);
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] read(GetObjectResponse reply, AbortableInputStream body) {
    Long length = reply.contentLength();
    if (length == null) {
      throw RetryableException.create("The reply ended before it said how long it is");
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    try {
      int read = body.readNBytes(bytes, 0, bytes.length);
      if (read < bytes.length) {
        throw new IOException("The reply ended after " + read + " of " + bytes.length + " bytes");
      }
    } catch (IOException e) {
      throw RetryableException.create("The reply broke off", e);
    }
    return bytes;
  }

  /** Once more with other credentials, where those of a session are not known any more. */
  private <T> T call(String operation, Effect effect, Function<AwsCredentialsProvider, T> call) {
    AwsCredentialsProvider login = credentials.current();
    try {
      return translated(operation, effect, login, call);
    } catch (ServiceException.Denied e) {
      if (UNKNOWN_CREDENTIALS.contains(e.code()) && credentials.giveUp(login)) {
        return translated(operation, effect, credentials.current(), call);
      }
      throw e;
    }
  }

  private static <T> T translated(
      String operation,
      Effect effect,
      AwsCredentialsProvider login,
      Function<AwsCredentialsProvider, T> call) {
    try {
      return call.apply(login);
    } catch (SdkException e) {
      throw AwsFault.of(operation, effect, e);
    } catch (UncheckedIOException e) {
      // What the SDK lets out when a reply in XML breaks off.
      throw AwsFault.of(operation, effect, SdkClientException.create("The reply broke off", e));
    }
  }
}
