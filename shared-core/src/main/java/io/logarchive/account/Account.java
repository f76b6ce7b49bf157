package io.logarchive.account;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A customer of the deployment.
 *
 * @param id unique over the whole deployment
 * @param maxDailyGb the daily volume it may send, in GB of 10^9 bytes; also bounds a restore
 */
public record Account(int id, Uid uid, String name, BigDecimal maxDailyGb, Instant createdAt) {
  public Account {
    if (maxDailyGb.signum() <= 0) {
      throw new IllegalArgumentException("The daily volume must be positive: " + maxDailyGb);
    }
  }

  public long maxDailyBytes() {
    return maxDailyGb.movePointRight(9).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }
}
