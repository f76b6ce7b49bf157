package io.logarchive.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void countsAndBytesAddUp() {
    tally.add(Metric.LOGS_RECEIVED, 2);
    tally.add(Metric.LOGS_RECEIVED, 3);
    tally.add(Metric.BYTES_RECEIVED, 10);
    tally.add(Metric.LOGS_REFUSED, "Malformed", 1);
    tally.add(Metric.LOGS_REFUSED, "Oversized", 4);
    tally.add(Metric.LOGS_REFUSED, "Malformed", 1);

    assertThat(tally.take())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                new Series(Metric.LOGS_RECEIVED, null),
                List.of(5L),
                new Series(Metric.BYTES_RECEIVED, null),
                List.of(10L),
                new Series(Metric.LOGS_REFUSED, "Malformed"),
                List.of(2L),
                new Series(Metric.LOGS_REFUSED, "Oversized"),
                List.of(4L)));
  }

  @Test
  void timesStayApart() {
    tally.add(Metric.ARCHIVE_TIME, 7);
    tally.add(Metric.ARCHIVE_TIME, 0);

    assertThat(tally.take())
        .isEqualTo(Map.of(new Series(Metric.ARCHIVE_TIME, null), List.of(7L, 0L)));
  }

  @Test
  void whatWasTakenIsGoneAndNothingCountsForNothing() {
    tally.add(Metric.LOGS_RECEIVED, 2);
    tally.take();
    tally.add(Metric.LOGS_RECEIVED, 0);

    assertThat(tally.take()).isEmpty();
  }

  @Test
  void manyMayCountAtOnce() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1_000; i++) {
        threads.execute(() -> tally.add(Metric.STORAGE_ERRORS, "1000001", 1));
      }
    }

    assertThat(tally.take())
        .isEqualTo(Map.of(new Series(Metric.STORAGE_ERRORS, "1000001"), List.of(1_000L)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "name@example.com", "{\"secret\":1}", "ü"})
  void aDimensionIsACodeAndAWrongOneIsNotShown(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tally.add(Metric.REQUESTS_REFUSED, text, 1))
        .withMessage("The dimension of REQUESTS_REFUSED is a code or an id");
  }

  @Test
  void aDimensionIsThereIfTheMetricHasOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tally.add(Metric.REQUESTS_REFUSED, 1))
        .withMessage("REQUESTS_REFUSED needs its dimension");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tally.add(Metric.LOGS_RECEIVED, "Malformed", 1))
        .withMessage("LOGS_RECEIVED has no dimension");
  }

  @Test
  void namesAreDistinct() {
    assertThat(Arrays.stream(Metric.values()).map(Metric::text)).doesNotHaveDuplicates();
  }
}
