package io.logarchive.restore;

import java.time.Duration;
import java.time.Instant;

/**
 * From {@code start}, included, to {@code end}, not included; in whole milliseconds, as logs' times
 * are.
 */
public record TimeRange(Instant start, Instant end) {
  public TimeRange {
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(
          "A range must end after it starts: " + start + " to " + end);
    }
  }

  public Duration length() {
    return Duration.between(start, end);
  }

  boolean contains(long epochMillis) {
    return epochMillis >= start.toEpochMilli() && epochMillis < end.toEpochMilli();
  }

  /** Whether any time from {@code min} to {@code max}, both included, is in the range. */
  boolean meets(long min, long max) {
    return max >= start.toEpochMilli() && min < end.toEpochMilli();
  }

  TimeRange until(Instant earlierEnd) {
    return new TimeRange(start, earlierEnd);
  }
}
