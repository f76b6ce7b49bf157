package io.logarchive.account;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A customer of the deployment.
 *
 * @param id unique over the whole deployment
 * @param maxDailyGb the daily volume it may send, in GB of 10^9 bytes; also bounds a restore
 * @param version counts the writes of this record from 1 on; a write states the next
 */
public record Account(
    int id, Uid uid, String name, BigDecimal maxDailyGb, Instant createdAt, long version) {
  public Account {
    if (maxDailyGb.signum() <= 0) {
      throw new IllegalArgumentException("The daily volume must be positive: " + maxDailyGb);
    }
  }

  public long maxDailyBytes() {
    return maxDailyGb.movePointRight(9).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }

  /** The next version, with this name and volume. */
  public Account changed(String newName, BigDecimal newMaxDailyGb) {
    return new Account(id, uid, newName, newMaxDailyGb, createdAt, version + 1);
  }
}
