package io.logarchive.archive;

import io.logarchive.fault.ServiceException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A storage that is not called any more once time is up. */
final class TimedStorage implements ArchiveStorage {
  static final String OUT_OF_TIME = "OutOfTime";

  private final ArchiveStorage storage;
  private final BooleanSupplier late;

  TimedStorage(ArchiveStorage storage, BooleanSupplier late) {
    this.storage = storage;
    this.late = late;
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return inTime("PutObject").putIfAbsent(key, content);
  }

  @Override
  public void put(String key, Content content) {
    inTime("PutObject").put(key, content);
  }

  @Override
  public byte[] get(String key, long from, int most) {
    return inTime("GetObject").get(key, from, most);
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    return inTime("ListBucket").list(prefix, pageToken);
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return inTime("ListBucket").head(key);
  }

  private ArchiveStorage inTime(String operation) {
    if (late.getAsBoolean()) {
      throw new ServiceException.Unavailable(operation, OUT_OF_TIME, null, null);
    }
    return storage;
  }
}
