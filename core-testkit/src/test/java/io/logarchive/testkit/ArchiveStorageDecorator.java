package io.logarchive.testkit;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes every call on; tests change what they need. */
public class ArchiveStorageDecorator implements ArchiveStorage {
  private final ArchiveStorage storage;

  public ArchiveStorageDecorator(ArchiveStorage storage) {
    this.storage = storage;
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return storage.putIfAbsent(key, content);
  }

  @Override
  public void put(String key, Content content) {
    storage.put(key, content);
  }

  @Override
  public byte[] get(String key, long from, int most) {
    return storage.get(key, from, most);
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    return storage.list(prefix, pageToken);
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return storage.head(key);
  }
}
