package io.logarchive.functions;

import io.logarchive.json.JsonObject;
import io.logarchive.metrics.Series;
import io.logarchive.metrics.Tally;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metrics that are told in the line of their invocation, and nowhere else. */
public final class CountedMetrics implements InvocationMetrics {
  private final Tally tally = new Tally();

  @Override
  public void add(Series series, long value) {
    tally.add(series, value);
  }

  @Override
  public JsonObject flush(String invocation) {
    return json(tally.take());
  }

  /**
   * What was counted, by metric, and by the value of its dimension where it has one: a sum of what
   * adds up, the largest of what does not.
   */
  public static JsonObject json(Map<Series, List<Long>> counted) {
    Map<String, JsonObject.Builder> split = new LinkedHashMap<>();
    JsonObject.Builder all = JsonObject.builder();
    counted.forEach(
        (series, values) -> {
          String name = series.metric().text();
          String which = series.which();
          if (which == null) {
            all.put(name, values.stream().mapToLong(value -> value).max().orElse(0));
          } else {
            split.computeIfAbsent(name, any -> JsonObject.builder()).put(which, values.getFirst());
          }
        });
    split.forEach((name, values) -> all.put(name, values.build()));
    return all.build();
  }
}
