package io.logarchive.testkit;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.fault.ServiceException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Fails at one call, counted over all operations; every other call goes through. */
public final class FailingArchiveStorage implements ArchiveStorage {

  /** Whether the call that fails was carried out. */
  public enum Moment {
    /** It never reached the storage. */
    BEFORE,
    /** It was done, and the reply was lost. */
    AFTER
  }

  private final ArchiveStorage storage;
  private final int failingCall;
  private final Moment moment;
  private final Supplier<? extends ServiceException> failure;
  private final AtomicInteger calls = new AtomicInteger();

  /**
   * @param failingCall which call fails, from 1 on
   */
  public FailingArchiveStorage(
      ArchiveStorage storage,
      int failingCall,
      Moment moment,
      Supplier<? extends ServiceException> failure) {
    this.storage = storage;
    this.failingCall = failingCall;
    this.moment = moment;
    this.failure = failure;
  }

  /** How many calls there were, the failed one too. */
  public int calls() {
    return calls.get();
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return call(() -> storage.putIfAbsent(key, content));
  }

  @Override
  public void put(String key, Content content) {
    call(
        () -> {
          storage.put(key, content);
          return true;
        });
  }

  @Override
  public byte[] get(String key, long from, int most) {
    return call(() -> storage.get(key, from, most));
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    return call(() -> storage.list(prefix, pageToken));
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    return call(() -> storage.head(key));
  }

  private <T> T call(Supplier<T> operation) {
    boolean fails = calls.incrementAndGet() == failingCall;
    if (fails && moment == Moment.BEFORE) {
      throw failure.get();
    }
    T result = operation.get();
    if (fails) {
      throw failure.get();
    }
    return result;
  }
}
