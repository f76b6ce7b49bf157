package io.logarchive.functions.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.metrics.Metric;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.cloudwatchlogs.emf.model.Unit;

class EmbeddedMetricsTest {
  /** What each write to the stream was. */
  private static final class Writes extends ByteArrayOutputStream {
    private final List<String> all = new ArrayList<>();

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      all.add(new String(bytes, from, length, UTF_8));
    }
  }

  private final Writes writes = new Writes();
  private final EmbeddedMetrics metrics =
      new EmbeddedMetrics("deployment-1", new PrintStream(writes, false, UTF_8));

  @Test
  void whatHasNoDimensionIsOneLineOfTheDeployment() {
    metrics.add(Metric.LOGS_RECEIVED, 2);
    metrics.add(Metric.LOGS_RECEIVED, 3);
    metrics.add(Metric.BYTES_RECEIVED, 500);

    assertThat(Json.text(metrics.flush("call-1")))
        .isEqualTo("{\"LogsReceived\":5,\"BytesReceived\":500}");

    assertThat(writes.all).hasSize(1);
    assertThat(line(0).member("_aws").map(Json::text).orElseThrow())
        .contains("\"Namespace\":\"LogArchive\"", "\"Dimensions\":[[\"Deployment\"]]")
        .contains("{\"Name\":\"LogsReceived\",\"Unit\":\"Count\"}")
        .contains("{\"Name\":\"BytesReceived\",\"Unit\":\"Bytes\"}")
        .containsPattern("\"Timestamp\":\\d{13}\\b");
    assertThat(Json.text(line(0)))
        .contains("\"LogsReceived\":5.0", "\"BytesReceived\":500.0")
        .contains("\"Deployment\":\"deployment-1\"", "\"awsRequestId\":\"call-1\"");
  }

  @Test
  void whatHasADimensionCountsWithItAndWithout() {
    metrics.add(Metric.LOGS_REFUSED, "Malformed", 2);
    metrics.add(Metric.LOGS_REFUSED, "Oversized", 1);
    metrics.add(Metric.STORAGE_ERRORS, "1000001", 4);

    assertThat(Json.text(metrics.flush("call-1")))
        .isEqualTo(
            "{\"LogsRefused\":{\"Malformed\":2,\"Oversized\":1},\"StorageErrors\":{\"1000001\":4}}");

    assertThat(writes.all).hasSize(3);
    assertThat(Json.text(line(0)))
        .contains("\"Dimensions\":[[\"Deployment\"],[\"Deployment\",\"Reason\"]]")
        .contains("\"Reason\":\"Malformed\"", "\"LogsRefused\":2.0");
    assertThat(Json.text(line(1))).contains("\"Reason\":\"Oversized\"", "\"LogsRefused\":1.0");
    assertThat(Json.text(line(2)))
        .contains("\"Dimensions\":[[\"Deployment\"],[\"Deployment\",\"SettingsId\"]]")
        .contains("\"SettingsId\":\"1000001\"", "\"StorageErrors\":4.0");
  }

  @Test
  void everyTimeIsAValueAlsoIfTheyAreMoreThanALineHolds() {
    for (int i = 0; i < 250; i++) {
      metrics.add(Metric.RESTORE_TIME, i);
    }
    metrics.flush("call-1");

    assertThat(writes.all).hasSize(3).allSatisfy(line -> assertThat(line).endsWith("}\n"));
    assertThat(writes.all.getFirst()).contains("\"RestoreTime\":[0.0,1.0,", "99.0]");
    assertThat(writes.all.getLast()).contains("249.0]");
  }

  @Test
  void nothingCountedIsNothingPrinted() {
    metrics.add(Metric.LOGS_RECEIVED, 0);
    assertThat(metrics.flush("call-1")).isEqualTo(JsonObject.EMPTY);
    metrics.add(Metric.LOGS_RECEIVED, 1);
    metrics.flush("call-2");
    assertThat(metrics.flush("call-3")).isEqualTo(JsonObject.EMPTY);

    assertThat(writes.all).hasSize(1);
  }

  @Test
  void aLineIsOneWriteHoweverLong() {
    for (Metric metric : Metric.values()) {
      if (metric.dimension().isEmpty()) {
        for (int i = 0; i < 100; i++) {
          metrics.add(metric, 1_000_000_000_000L + i);
        }
      }
    }
    metrics.flush("call-1");

    assertThat(writes.all).hasSize(1);
    assertThat(writes.all.getFirst()).hasSizeGreaterThan(5_000).endsWith("}\n");
    assertThat(Json.object(writes.all.getFirst().getBytes(UTF_8)).members()).isNotEmpty();
  }

  @Test
  void everyUnitIsOneThatCloudWatchKnows() {
    for (Metric metric : Metric.values()) {
      if (metric.dimension().isPresent()) {
        metrics.add(metric, "A_CODE", 1);
      } else {
        metrics.add(metric, 1);
      }
    }
    metrics.flush("call-1");

    String printed = String.join("", writes.all);
    assertThat(Arrays.stream(Metric.values()).map(Metric::text))
        .allMatch(name -> printed.contains("{\"Name\":\"" + name + "\",\"Unit\":\""));
    assertThat(printed).doesNotContain("\"Unit\":\"" + Unit.NONE + "\"");
  }

  private JsonObject line(int index) {
    return Json.object(writes.all.get(index).getBytes(UTF_8));
  }
}
