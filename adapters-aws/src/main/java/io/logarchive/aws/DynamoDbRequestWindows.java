package io.logarchive.aws;

import io.logarchive.limit.RequestWindows;
import java.time.Duration;
import java.time.Instant;

/** Windows of requests in the deployment's table: an item for each, which is deleted by its age. */
public final class DynamoDbRequestWindows implements RequestWindows {
  /** Long enough for an instance whose clock is behind. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final DynamoDbTable table;

  public DynamoDbRequestWindows(DynamoDbTable table) {
    this.table = table;
  }

  @Override
  public boolean admit(String who, Instant start, int most) {
    return table.addOne(Keys.window(who, start), "requests", most, start.plus(KEPT));
  }
}
