package io.logarchive.functions;

import io.logarchive.json.JsonObject;
import io.logarchive.metrics.Metrics;
import io.logarchive.metrics.Series;

/** Metrics that are told at the end of every invocation. */
public interface InvocationMetrics extends Metrics {
  /** For where nobody reads them. */
  InvocationMetrics NONE =
      new InvocationMetrics() {
        @Override
        public void add(Series series, long value) {}

        @Override
        public JsonObject flush(String invocation) {
          return JsonObject.EMPTY;
        }
      };

  /**
   * Tells what was counted since the last time, if anything was.
   *
   * @param invocation the id of the invocation that ends
   * @return the same, by metric, and by the value of its dimension where it has one
   */
  JsonObject flush(String invocation);
}
