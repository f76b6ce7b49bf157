package io.logarchive.testkit;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.fault.ServiceException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A root in a bucket in memory. */
public final class InMemoryArchiveStorage implements ArchiveStorage {

  /** Java compares strings by UTF-16, object stores by UTF-8: emoji and kanji come out swapped. */
  private static final Comparator<String> BY_UTF8 =
      (one, other) ->
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  /** All objects of a bucket by their full keys. */
  public static final class Bucket {
    private final ConcurrentNavigableMap<String, byte[]> objects =
        new ConcurrentSkipListMap<>(BY_UTF8);

    /** The keys of all objects, in order. */
    public List<String> keys() {
      return List.copyOf(objects.keySet());
    }
  }

  private final Bucket bucket;
  private final String root;
  private final int pageSize;

  /** A bucket of its own, listed 1,000 objects at a time. */
  public InMemoryArchiveStorage() {
    this(new Bucket(), "", 1_000);
  }

  /**
   * @param prefix without slashes around it; empty for the bucket itself
   * @param pageSize how many objects a page of a listing holds
   */
  public InMemoryArchiveStorage(Bucket bucket, String prefix, int pageSize) {
    this.bucket = bucket;
    this.root = prefix.isEmpty() ? "" : prefix + "/";
    this.pageSize = pageSize;
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return bucket.objects.putIfAbsent(root + key, joined(content)) == null;
  }

  @Override
  public void put(String key, Content content) {
    bucket.objects.put(root + key, joined(content));
  }

  @Override
  public byte[] get(String key, long from, int most) {
    byte[] object = bucket.objects.get(root + key);
    if (object == null) {
      throw new ServiceException.NotFound("GetObject", "NoSuchKey", null, null);
    }
    int start = (int) Math.min(from, object.length);
    return Arrays.copyOfRange(object, start, start + Math.min(most, object.length - start));
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    String start = root + prefix;
    List<ObjectInfo> page = new ArrayList<>();
    for (String key :
        bucket.objects.tailMap(pageToken == null ? start : pageToken, pageToken == null).keySet()) {
      if (!key.startsWith(start)) {
        break;
      }
      if (page.size() == pageSize) {
        return new Page(page, root + page.getLast().key());
      }
      head(key.substring(root.length())).ifPresent(page::add);
    }
    return new Page(page, null);
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return Optional.ofNullable(bucket.objects.get(root + key))
        .map(object -> new ObjectInfo(key, object.length, "STANDARD", true));
  }

  private static byte[] joined(Content content) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    content.parts().forEach(joined::writeBytes);
    return joined.toByteArray();
  }
}
