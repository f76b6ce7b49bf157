package io.logarchive.archive;

import io.logarchive.fault.ServiceException;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An archive whose storage's failures are counted; that an object is not there is none. */
final class CountedStorage implements ArchiveStorage {
  private final ArchiveStorage storage;
  private final int settingsId;
  private final Metrics metrics;

  CountedStorage(ArchiveStorage storage, int settingsId, Metrics metrics) {
    this.storage = storage;
    this.settingsId = settingsId;
    this.metrics = metrics;
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return counted(() -> storage.putIfAbsent(key, content));
  }

  @Override
  public void put(String key, Content content) {
    counted(
        () -> {
          storage.put(key, content);
          return true;
        });
  }

  @Override
  public byte[] get(String key, long from, int most) {
    return counted(() -> storage.get(key, from, most));
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    return counted(() -> storage.list(prefix, pageToken));
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return counted(() -> storage.head(key));
  }

  private <T> T counted(Supplier<T> call) {
    try {
      return call.get();
    } catch (ServiceException.NotFound e) {
      throw e;
    } catch (ServiceException e) {
      if (!e.deploymentsOwn()) {
        metrics.add(Metric.STORAGE_ERRORS, Integer.toString(settingsId), 1);
      }
      throw e;
    }
  }
}
