package io.logarchive.infra.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts and documents ask for what the functions log. */
class ObservabilityTest {
  private static final Path ALERTS = Path.of("modules", "alerts.bicep");
  private static final Path RUNBOOK = Path.of("..", "..", "docs", "runbook-azure.md");
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "observability.md");
  private static final Path FUNCTIONS =
      Path.of("../../functions-azure/src/main/java/io/logarchive/functions/azure");
  private static final Path HOST = Path.of("../../functions-azure/host.json");
  private static final Path COMMON =
      Path.of("../../functions-common/src/main/java/io/logarchive/functions");

  @Test
  void alertsAskForMetricsThatAreCounted() throws IOException {
    Set<String> metrics =
        Arrays.stream(Metric.values()).map(Metric::text).collect(Collectors.toSet());

    for (Path asking : new Path[] {ALERTS, RUNBOOK, DOCUMENT}) {
      assertThat(found(asking, "line\\.counts\\.(\\w+)")).isNotEmpty().isSubsetOf(metrics);
    }
  }

  @Test
  void alertsAskForFunctionsThatThereAre() throws IOException {
    Set<String> functions = new TreeSet<>();
    try (Stream<Path> sources = Files.list(FUNCTIONS)) {
      for (Path source : sources.toList()) {
        functions.addAll(found(source, "@FunctionName\\(\"(\\w+)\"\\)"));
        functions.addAll(found(source, "static final String [A-Z]+ = \"(\\w+)\""));
      }
    }

    assertThat(found(ALERTS, "\"((?:Restore|Sweep|Expire|Remove)\\w+)\""))
        .contains("SweepRestores", "ExpireRestores", "RemoveExpired", "RestoreRequested")
        .isSubsetOf(functions);
  }

  @Test
  void alertsAskForFieldsThatLinesHave() throws IOException {
    Set<String> fields = found(COMMON.resolve("JsonLines.java"), "put\\(\"(\\w+)\"");
    fields.addAll(found(COMMON.resolve("Invocations.java"), "addKeyValue\\(\"(\\w+)\""));
    // A step's line has it from the context that its work sets.
    fields.add("restoreId");
    fields.addAll(found(FUNCTIONS.resolve("HttpFunction.java"), "addKeyValue\\(\"(\\w+)\""));

    assertThat(found(ALERTS, "(?:line|parse_json\\(Message\\))\\.(\\w+)"))
        .isNotEmpty()
        .isSubsetOf(fields);
    assertThat(Files.readString(COMMON.resolve("Invocations.java")))
        .contains("\"invocation failed\"");
    assertThat(found(COMMON.resolve("JsonLines.java"), "builder\\(\\)\\s+\\.put\\(\"(\\w+)\""))
        .containsExactly("time");
  }

  @Test
  void noLineIsLeftOutOfTelemetryBecauseThereAreMany() throws IOException {
    Fields logging = Fields.of(Json.object(Files.readAllBytes(HOST))).requiredObject("logging");

    assertThat(
            logging
                .requiredObject("applicationInsights")
                .requiredObject("samplingSettings")
                .requiredText("excludedTypes")
                .split(";", -1))
        .contains("Trace", "Exception");
    assertThat(logging.requiredObject("logLevel").requiredText("default")).isEqualTo("Information");
  }

  private static Set<String> found(Path file, String regex) throws IOException {
    return Pattern.compile(regex)
        .matcher(Files.readString(file))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
