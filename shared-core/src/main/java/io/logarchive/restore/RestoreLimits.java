package io.logarchive.restore;

import java.time.Duration;

/**
 * What an account may restore.
 *
 * @param range the longest time range
 * @param bytes raw bytes of one restore, if the account's daily volume is not less
 * @param slots restored accounts at the same time
 */
public record RestoreLimits(Duration range, long bytes, int slots) {
  public static final RestoreLimits DEFAULT =
      new RestoreLimits(Duration.ofHours(24), 100_000_000_000L, 5);
}
