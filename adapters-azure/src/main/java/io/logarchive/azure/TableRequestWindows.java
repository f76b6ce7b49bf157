package io.logarchive.azure;

import io.logarchive.azure.AzureTable.Replace;
import io.logarchive.limit.RequestWindows;
import io.logarchive.stored.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Windows of requests in the deployment's table: one entity for each who is counted, which the next
 * window takes over. Who comes late, for a window that is over, is counted in the one at hand.
 */
public final class TableRequestWindows implements RequestWindows {
  /** Long enough for an instance whose clock is behind. */
  private static final Duration KEPT = Duration.ofHours(1);

  private static final String START = "start";
  private static final String REQUESTS = "requests";

  private final AzureTable table;

  public TableRequestWindows(AzureTable table) {
    this.table = table;
  }

  @Override
  public boolean admit(String who, Instant start, int most) {
    return table.change(
        new Replace(
            TableKeys.window(who),
            found -> {
              Optional<Stored> window =
                  found
                      .map(TableRow.Found::values)
                      .filter(values -> !values.time(START).isBefore(start));
              long requests = window.map(values -> values.number(REQUESTS)).orElse(0L);
              return requests >= most
                  ? Optional.empty()
                  : Optional.of(
                      row(
                          who,
                          window.map(values -> values.time(START)).orElse(start),
                          requests + 1));
            }));
  }

  private static TableRow row(String who, Instant start, long requests) {
    return new TableRow(
        TableKeys.window(who),
        Stored.empty().time(START, start).number(REQUESTS, requests),
        start.plus(KEPT));
  }
}
