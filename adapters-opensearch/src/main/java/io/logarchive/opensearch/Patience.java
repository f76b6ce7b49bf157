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
 * @param begin how long after the first try another may begin; all of them take no longer than this
 *     and one answer
 */
record Patience(
    Duration answer, Duration search, Duration begin, int tries, Duration first, Duration longest) {
  /**
   * A search ends by itself before. The waits take 8 to 17 seconds, and a call ends within 55,
   * which is less than {@link io.logarchive.restore.RestoreSlice#MARGIN}; then the workflow tries
   * again.
   */
  static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          Duration.ofSeconds(25),
          9,
          Duration.ofMillis(100),
          Duration.ofSeconds(5));

  /** The tries of one call, of which the first begins now. */
  Tries start() {
    return new Tries();
  }

  /** The tries of one call; not safe for concurrent use. */
  final class Tries {
    private final long start = System.nanoTime();
    private int failures;

    /**
     * Waits before the next try.
     *
     * @param last why the last one failed; thrown if there are no more tries
     */
    void await(ServiceException last) {
      failures++;
      if (failures >= tries) {
        throw last;
      }
      long most = Math.min(first.toMillis() << (failures - 1), longest.toMillis());
      long millis = ThreadLocalRandom.current().nextLong(most / 2, most + 1);
      if (left().toMillis() <= millis) {
        throw last;
      }
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw last;
      }
    }

    /** How long tries may still begin; negative when they may not any more. */
    Duration left() {
      return begin.minusNanos(System.nanoTime() - start);
    }

    /** Whether, if the current try fails, one more is all that there is surely time for. */
    boolean isBeforeLast() {
      return failures + 1 >= tries - 1 || left().compareTo(longest.multipliedBy(2)) < 0;
    }
  }
}
