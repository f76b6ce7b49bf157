package io.logarchive.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Keeps what is counted until it is taken. */
public final class Tally implements Metrics {
  private Map<Series, List<Long>> values = new LinkedHashMap<>();

  @Override
  public synchronized void add(Series series, long value) {
    switch (series.metric().unit()) {
      case COUNT, BYTES -> {
        if (value != 0) {
          values.merge(series, List.of(value), (a, b) -> List.of(a.getFirst() + b.getFirst()));
        }
      }
      case MILLISECONDS, SECONDS ->
          values.merge(
              series, List.of(value), (a, b) -> Stream.of(a, b).flatMap(List::stream).toList());
    }
  }

  /**
   * What was counted since the last time, in the order in which it came: a sum of what adds up,
   * else each value.
   */
  public synchronized Map<Series, List<Long>> take() {
    Map<Series, List<Long>> taken = values;
    values = new LinkedHashMap<>();
    return taken;
  }
}
