package io.logarchive.opensearch;

import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often something is tried, and how long to wait in between: each time twice as long as before,
 * less a random part, so that many who were refused at once do not come again at once.
 */
record Backoff(int tries, Duration first, Duration longest) {
  /** About 20 seconds in all: what is busy for longer is the workflow's to try again. */
  static final Backoff DEFAULT = new Backoff(9, Duration.ofMillis(100), Duration.ofSeconds(5));

  /**
   * Waits before the next try.
   *
   * @param failures how many tries have failed
   * @param last why the last one did; thrown if there are no more tries
   */
  void await(int failures, ServiceException last) {
    if (failures >= tries) {
      throw last;
    }
    long most = Math.min(first.toMillis() << (failures - 1), longest.toMillis());
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw last;
    }
  }
}
