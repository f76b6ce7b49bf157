package io.logarchive.restore;

import java.time.Duration;
import java.time.Instant;

/** From {@code start}, included, to {@code end}, not included. */
public record TimeRange(Instant start, Instant end) {
  public TimeRange {
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException("A range must end after it starts: " + start + " to " + end);
    }
  }

  public Duration length() {
    return Duration.between(start, end);
  }

  boolean contains(long epochMillis) {
    return epochMillis >= start.toEpochMilli() && epochMillis < endMillis();
  }

  /** Logs have times in whole milliseconds, so one within the last millisecond's fraction is still before the end. */
  private long endMillis() {
    return end.getNano() % 1_000_000 == 0 ? end.toEpochMilli() : end.toEpochMilli() + 1;
  }
}
