package io.logarchive.functions.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.logarchive.functions.CountedMetrics;
import io.logarchive.functions.InvocationMetrics;
import io.logarchive.json.JsonObject;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Series;
import io.logarchive.metrics.Tally;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.cloudwatchlogs.emf.exception.InvalidMetricException;
import software.amazon.cloudwatchlogs.emf.model.DimensionSet;
import software.amazon.cloudwatchlogs.emf.model.MetricsContext;
import software.amazon.cloudwatchlogs.emf.model.StorageResolution;
import software.amazon.cloudwatchlogs.emf.model.Unit;

/**
 * Prints metrics as lines of which CloudWatch makes metrics by itself. What has a dimension counts
 * with it and without, so that an alarm needs no list of its values.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded
 *     metric format</a>
 */
final class EmbeddedMetrics implements InvocationMetrics {
  static final String NAMESPACE = "LogArchive";
  static final String DEPLOYMENT = "Deployment";

  /** What a line says of all metrics in it. */
  private record Dimension(String name, String value) {}

  private final Tally tally = new Tally();
  private final String deploymentId;
  private final PrintStream out;

  EmbeddedMetrics(String deploymentId, PrintStream out) {
    this.deploymentId = deploymentId;
    this.out = out;
  }

  @Override
  public void add(Series series, long value) {
    tally.add(series, value);
  }

  @Override
  public JsonObject flush(String invocation) {
    Map<Series, List<Long>> counted = tally.take();
    if (counted.isEmpty()) {
      return JsonObject.EMPTY;
    }
    Map<Optional<Dimension>, MetricsContext> lines = new LinkedHashMap<>();
    counted.forEach(
        (series, values) ->
            put(
                lines.computeIfAbsent(dimension(series), with -> line(with, invocation)),
                series.metric(),
                values));
    lines.values().forEach(this::print);
    return CountedMetrics.json(counted);
  }

  private static Optional<Dimension> dimension(Series series) {
    String which = series.which();
    return which == null
        ? Optional.empty()
        : series.metric().dimension().map(name -> new Dimension(name, which));
  }

  private MetricsContext line(Optional<Dimension> with, String invocation) {
    MetricsContext line = new MetricsContext();
    line.setNamespace(NAMESPACE);
    DimensionSet deployment = DimensionSet.of(DEPLOYMENT, deploymentId);
    if (with.isPresent()) {
      line.setDimensions(
          deployment,
          DimensionSet.of(DEPLOYMENT, deploymentId, with.get().name(), with.get().value()));
    } else {
      line.setDimensions(deployment);
    }
    line.putProperty("awsRequestId", invocation);
    return line;
  }

  private static void put(MetricsContext line, Metric metric, List<Long> values) {
    for (long value : values) {
      try {
        line.putMetric(metric.text(), (double) value, unit(metric), StorageResolution.STANDARD);
      } catch (InvalidMetricException e) {
        throw new IllegalStateException("CloudWatch takes no metric " + metric.text(), e);
      }
    }
  }

  private static Unit unit(Metric metric) {
    return switch (metric.unit()) {
      case COUNT -> Unit.COUNT;
      case BYTES -> Unit.BYTES;
      case MILLISECONDS -> Unit.MILLISECONDS;
      case SECONDS -> Unit.SECONDS;
    };
  }

  /** A line in one piece: Lambda makes a log event of each write. */
  private void print(MetricsContext metrics) {
    try {
      for (String line : metrics.serialize()) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Metrics cannot be written", e);
    }
    out.flush();
  }
}
