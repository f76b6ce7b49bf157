package io.logarchive.azure;

import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * What was made lately: each for so long, of all so many that were used last. However many ask for
 * one at once, it is made once; what fails is not kept.
 */
final class Recent<K, V> {

  private record Entry<V>(FutureTask<V> made, Instant until) {}

  private final int most;
  private final Duration kept;
  private final InstantSource clock;
  private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

  Recent(int most, Duration kept, InstantSource clock) {
    this.most = most;
    this.kept = kept;
    this.clock = clock;
  }

  V get(K key, Supplier<V> make) {
    FutureTask<V> made = entry(key, make);
    // Whoever is not the first of its callers does nothing here, and waits below.
    made.run();
    try {
      return made.get();
    } catch (ExecutionException e) {
      remove(key, made);
      throw e.getCause() instanceof ServiceException failure
          ? failure
          : new IllegalStateException("It cannot be made", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException.Unavailable("OpenSecret", "Interrupted", null, e);
    }
  }

  private FutureTask<V> entry(K key, Supplier<V> make) {
    Instant now = clock.instant();
    synchronized (entries) {
      Entry<V> known = entries.get(key);
      if (known != null && now.isBefore(known.until())) {
        return known.made();
      }
      FutureTask<V> made = new FutureTask<>(make::get);
      entries.put(key, new Entry<>(made, now.plus(kept)));
      if (entries.size() > most) {
        entries.pollFirstEntry();
      }
      return made;
    }
  }

  private void remove(K key, FutureTask<V> failed) {
    synchronized (entries) {
      Entry<V> known = entries.get(key);
      if (known != null && known.made() == failed) {
        entries.remove(key);
      }
    }
  }
}
