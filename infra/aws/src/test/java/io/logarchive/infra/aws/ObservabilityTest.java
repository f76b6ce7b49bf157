package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Alarms, dashboard, metrics and documents speak of the same things. */
class ObservabilityTest {
  private static final Path TEMPLATE = Path.of("template.yaml");
  private static final Path RUNBOOK = Path.of("..", "..", "docs", "runbook.md");
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "observability.md");

  @Test
  void everyAlarmHasASectionInTheRunbookAndNoOther() throws IOException {
    assertThat(found(RUNBOOK, "(?m)^## (.+)$"))
        .isNotEmpty()
        .isEqualTo(found(TEMPLATE, "AlarmName: !Sub \\$\\{AWS::StackName}-(\\S+)"));
  }

  @Test
  void linksWithinTheRunbookLeadSomewhere() throws IOException {
    assertThat(found(RUNBOOK, "(?m)^## (.+)$")).containsAll(found(RUNBOOK, "\\]\\(#([^)]+)\\)"));
  }

  @Test
  void everyMetricIsWatchedAndNoOther() throws IOException {
    Set<String> watched = found(TEMPLATE, "Namespace: LogArchive\\s+MetricName: (\\w+)");
    assertThat(watched).isNotEmpty();
    watched.addAll(found(TEMPLATE, "\\[\"LogArchive\", \"(\\w+)\""));
    watched.addAll(found(TEMPLATE, "SEARCH\\('\\{LogArchive,[^}]*}[^']*MetricName=\\\\\"(\\w+)"));

    assertThat(watched).isEqualTo(names());
  }

  @Test
  void everyMetricIsExplainedAndNoOther() throws IOException {
    assertThat(found(DOCUMENT, "(?m)^\\| `([A-Z]\\w+)` \\|")).isEqualTo(names());
  }

  @Test
  void metricsAreSearchedByTheDimensionsThatTheyHave() throws IOException {
    assertThat(
            found(
                TEMPLATE, "SEARCH\\('\\{LogArchive,Deployment,(\\w+} [^']*?MetricName=\\\\\"\\w+)"))
        .isEqualTo(
            Arrays.stream(Metric.values())
                .filter(metric -> metric.dimension().isPresent())
                .map(
                    metric ->
                        metric.dimension().orElseThrow()
                            + "} Deployment=\\\"${Id}\\\" MetricName=\\\""
                            + metric.text())
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Set<String> names() {
    return Arrays.stream(Metric.values())
        .map(Metric::text)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> found(Path file, String regex) throws IOException {
    return Pattern.compile(regex)
        .matcher(Files.readString(file))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
