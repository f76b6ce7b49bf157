package io.logarchive.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Limits what each account sends, without asking anybody: each instance lets half of the rate pass,
 * so that two instances let the rate pass and four at most twice. Ten seconds' worth passes at
 * once; a request that finds something left passes whole, however large it is, and those after it
 * wait until it is made up for. The 10,000 accounts that were seen last are remembered.
 */
public final class LocalBuckets {
  private static final int SHARES = 2;
  private static final Duration BURST = Duration.ofSeconds(10);
  private static final int MOST = 10_000;
  private static final double NANOS = 1e9;

  /** What an account has left, below zero if it took more than it had. */
  private record Left(double requests, double bytes, Instant at) {}

  private final Left full;
  private final double requestsPerSecond;
  private final double bytesPerSecond;
  private final InstantSource clock;
  private final Map<Integer, Left> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Left> eldest) {
          return size() > MOST;
        }
      };

  public LocalBuckets(RatePerSecond rate, InstantSource clock) {
    this.requestsPerSecond = (double) rate.requests() / SHARES;
    this.bytesPerSecond = (double) rate.bytes() / SHARES;
    this.full =
        new Left(
            requestsPerSecond * BURST.toSeconds(),
            bytesPerSecond * BURST.toSeconds(),
            Instant.EPOCH);
    this.clock = clock;
  }

  /**
   * Takes a request's worth out of its account's bucket.
   *
   * @return empty if it passes; else how long it takes until one may
   */
  public synchronized Optional<Duration> take(int accountId, int bytes) {
    Instant now = clock.instant();
    Left left = refilled(buckets.getOrDefault(accountId, full), now);
    if (left.requests() > 0 && left.bytes() > 0) {
      buckets.put(accountId, new Left(left.requests() - 1, left.bytes() - bytes, left.at()));
      return Optional.empty();
    }
    double seconds = Math.max(-left.requests() / requestsPerSecond, -left.bytes() / bytesPerSecond);
    return Optional.of(Duration.ofNanos((long) (Math.max(seconds, 0) * NANOS)));
  }

  private Left refilled(Left left, Instant now) {
    if (now.isBefore(left.at())) { // The clock was set back.
      return left;
    }
    Duration since = Duration.between(left.at(), now);
    double seconds = since.getSeconds() + since.getNano() / NANOS;
    return new Left(
        Math.min(full.requests(), left.requests() + seconds * requestsPerSecond),
        Math.min(full.bytes(), left.bytes() + seconds * bytesPerSecond),
        now);
  }
}
