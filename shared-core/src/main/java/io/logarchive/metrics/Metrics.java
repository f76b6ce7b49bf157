package io.logarchive.metrics;

/**
 * Takes what the deployment counts of its work. Calls no service, and fails for bugs only. Safe for
 * concurrent use.
 */
@FunctionalInterface
public interface Metrics {
  /** Lets everything go. */
  Metrics NONE = (series, value) -> {};

  /** One value more; of counts and bytes it adds up, 0 to nothing. */
  void add(Series series, long value);

  /** Of a metric that has no dimension. */
  default void add(Metric metric, long value) {
    add(new Series(metric, null), value);
  }

  /**
   * Of a metric that has one.
   *
   * @param which the value of the metric's dimension: a code or an id, never what a customer wrote
   */
  default void add(Metric metric, String which, long value) {
    add(new Series(metric, which), value);
  }
}
