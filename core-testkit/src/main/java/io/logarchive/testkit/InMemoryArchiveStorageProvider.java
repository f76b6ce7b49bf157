package io.logarchive.testkit;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.BucketInquiry;
import io.logarchive.archive.ContainerProvider;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.fault.ServiceException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in memory, each with the one access key that opens it, and roles that open it too; and
 * containers, each with the one app registration that does. It opens containers from the first one
 * on that is made.
 */
public final class InMemoryArchiveStorageProvider implements ArchiveStorageProvider {
  private static final int PAGE_SIZE = 1_000;

  private record Entry(InMemoryArchiveStorage.Bucket bucket, String accessKey, String secretKey) {}

  private record Container(
      InMemoryArchiveStorage.Bucket blobs, String tenantId, String clientId, String clientSecret) {}

  private record Trust(String bucket, @Nullable String externalId) {}

  private final Map<String, Entry> buckets = new ConcurrentHashMap<>();
  private final Map<String, Container> containers = new ConcurrentHashMap<>();
  private final Map<String, Trust> roles = new ConcurrentHashMap<>();

  /**
   * Makes a bucket, or gives the one that is there another key; any other than this one is refused,
   * as S3 does.
   */
  public InMemoryArchiveStorage.Bucket createBucket(
      String name, String accessKey, String secretKey) {
    return buckets
        .compute(
            name,
            (same, before) ->
                new Entry(
                    before == null ? new InMemoryArchiveStorage.Bucket() : before.bucket(),
                    accessKey,
                    secretKey))
        .bucket();
  }

  /** Removes a bucket with all that lies in it. */
  public void remove(String name) {
    buckets.remove(name);
  }

  /**
   * Makes a role that opens a bucket.
   *
   * @param externalId whom it is assumed for; null for a role that asks for none
   */
  public void createRole(String arn, String bucket, @Nullable String externalId) {
    roles.put(arn, new Trust(bucket, externalId));
  }

  @Override
  public ArchiveStorage open(StorageAccess access, Patience patience) {
    return switch (access) {
      case StorageAccess.S3 s3 -> new Guarded(s3.location(), s3.login());
      case StorageAccess.Blob blob -> new GuardedContainer(blob);
    };
  }

  /**
   * Makes a container, or gives the one that is there another app registration.
   *
   * @param name the storage account's and the container's, with a slash between them
   */
  public InMemoryArchiveStorage.Bucket createContainer(
      String name, String tenantId, String clientId, String clientSecret) {
    return containers
        .compute(
            name,
            (same, before) ->
                new Container(
                    before == null ? new InMemoryArchiveStorage.Bucket() : before.blobs(),
                    tenantId,
                    clientId,
                    clientSecret))
        .blobs();
  }

  @Override
  public ArchiveStorage signIn(StorageAccess.Blob access) {
    ask(access);
    return new GuardedContainer(access);
  }

  private void ask(StorageAccess.Blob access) {
    Container container = containers.get(access.location().container());
    String refusal =
        container == null
            ? null
            : !container.tenantId().equals(access.tenantId())
                ? "AADSTS90002"
                : !container.clientId().equals(access.clientId())
                    ? "AADSTS700016"
                    : !container.clientSecret().equals(access.clientSecret().value())
                        ? "AADSTS7000215"
                        : null;
    if (refusal != null) {
      throw new ServiceException.Denied(ContainerProvider.GET_TOKEN, refusal, null, null);
    }
  }

  /** Of the bucket's region it knows nothing, and of an access key's account neither. */
  @Override
  public BucketInquiry inquire(StorageAccess.S3 access) {
    return new BucketInquiry() {
      @Override
      public void assumeRole() {
        if (access.login() instanceof S3Login.Role role) {
          assumed(role);
        }
      }

      @Override
      public Optional<String> callerAccount() {
        return access.login() instanceof S3Login.Role role
            ? Optional.of(AwsIdentity.ofRole(role.arn()).accountId())
            : Optional.empty();
      }

      @Override
      public Optional<String> region() {
        return Optional.empty();
      }

      @Override
      public boolean requesterPays() {
        return false;
      }
    };
  }

  private Trust assumed(S3Login.Role role) {
    Trust trust = roles.get(role.arn());
    if (trust == null
        || (trust.externalId() != null && !trust.externalId().equals(role.externalId()))) {
      throw new ServiceException.Denied("AssumeRole", "AccessDenied", null, null);
    }
    return trust;
  }

  /** Looks at key and bucket at every call, as a service does. */
  private final class Guarded implements ArchiveStorage {
    private final S3Location location;
    private final S3Login login;

    Guarded(S3Location location, S3Login login) {
      this.location = location;
      this.login = login;
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
      return storage("PutObject").putIfAbsent(key, content);
    }

    @Override
    public void put(String key, Content content) {
      storage("PutObject").put(key, content);
    }

    @Override
    public byte[] get(String key, long from, int most) {
      return storage("GetObject").get(key, from, most);
    }

    @Override
    public Page list(String prefix, @Nullable String pageToken) {
      return storage("ListObjectsV2").list(prefix, pageToken);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
      return storage("HeadObject").head(key);
    }

    private ArchiveStorage storage(String operation) {
      Entry entry = buckets.get(location.bucket());
      if (entry == null) {
        throw new ServiceException.Denied(operation, "NoSuchBucket", null, null);
      }
      String refusal = refusal(entry);
      if (refusal != null) {
        throw new ServiceException.Denied(operation, refusal, null, null);
      }
      return new InMemoryArchiveStorage(entry.bucket(), location.prefix(), PAGE_SIZE);
    }

    private @Nullable String refusal(Entry entry) {
      return switch (login) {
        case S3Login.Keys keys ->
            !entry.accessKey().equals(keys.accessKey())
                ? "InvalidAccessKeyId"
                : !entry.secretKey().equals(keys.secretKey().value())
                    ? "SignatureDoesNotMatch"
                    : null;
        case S3Login.Role role ->
            assumed(role).bucket().equals(location.bucket()) ? null : "AccessDenied";
      };
    }
  }

  /** Signs in and looks for the container at every call. */
  private final class GuardedContainer implements ArchiveStorage {
    private final StorageAccess.Blob access;

    GuardedContainer(StorageAccess.Blob access) {
      this.access = access;
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
      return storage("PutBlob").putIfAbsent(key, content);
    }

    @Override
    public void put(String key, Content content) {
      storage("PutBlob").put(key, content);
    }

    @Override
    public byte[] get(String key, long from, int most) {
      return storage("GetBlob").get(key, from, most);
    }

    @Override
    public Page list(String prefix, @Nullable String pageToken) {
      return storage("ListBlobs").list(prefix, pageToken);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
      return storage("ListBlobs").head(key);
    }

    private ArchiveStorage storage(String operation) {
      ask(access);
      Container container = containers.get(access.location().container());
      if (container == null) {
        throw new ServiceException.Denied(operation, "ContainerNotFound", null, null);
      }
      return new InMemoryArchiveStorage(container.blobs(), access.location().prefix(), PAGE_SIZE);
    }
  }
}
