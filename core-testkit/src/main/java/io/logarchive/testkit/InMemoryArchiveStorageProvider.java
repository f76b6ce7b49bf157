package io.logarchive.testkit;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.fault.ServiceException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Buckets in memory, each with the one access key that opens it. */
public final class InMemoryArchiveStorageProvider implements ArchiveStorageProvider {
  private static final int PAGE_SIZE = 1_000;

  private record Entry(InMemoryArchiveStorage.Bucket bucket, String accessKey, String secretKey) {}

  private final Map<String, Entry> buckets = new ConcurrentHashMap<>();

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

  @Override
  public ArchiveStorage open(StorageAccess access, Patience patience) {
    if (access instanceof StorageAccess.S3 s3
        && s3.login() instanceof StorageAccess.S3Login.Keys keys) {
      return new Guarded(s3.location(), keys);
    }
    throw new ServiceException.Denied("OpenStorage", "NotAvailable", null, null);
  }

  /** Looks at key and bucket at every call, as a service does. */
  private final class Guarded implements ArchiveStorage {
    private final S3Location location;
    private final StorageAccess.S3Login.Keys keys;

    Guarded(S3Location location, StorageAccess.S3Login.Keys keys) {
      this.location = location;
      this.keys = keys;
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
      if (!entry.accessKey().equals(keys.accessKey())) {
        throw new ServiceException.Denied(operation, "InvalidAccessKeyId", null, null);
      }
      if (!entry.secretKey().equals(keys.secretKey().value())) {
        throw new ServiceException.Denied(operation, "SignatureDoesNotMatch", null, null);
      }
      return new InMemoryArchiveStorage(entry.bucket(), location.prefix(), PAGE_SIZE);
    }
  }
}
