package io.logarchive.opensearch;

import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long and how often OpenSearch is asked. Between two tries is twice as long as before, less a
 * random part, so that many who were refused at once do not come again at once.
 *
 * @param answer how long an answer may take
 * @param search how long the answer to a search may take
 */
record Patience(Duration answer, Duration search, int tries, Duration first, Duration longest) {
  /** A search ends by itself before; tries take about 20 seconds, then the workflow tries again. */
  static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          9,
          Duration.ofMillis(100),
          Duration.ofSeconds(5));

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

  /** Whether one more try is all that is left after so many have failed. */
  boolean isBeforeLastTry(int failures) {
    return failures == tries - 1;
  }
}
