package io.logarchive.functions.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.fault.ServiceException;
import io.logarchive.functions.Invocations;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.metrics.Metric;
import io.logarchive.testkit.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class InvocationsTest {
  private static final String TRACE =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T17:30:00Z"));
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final EmbeddedMetrics metrics =
      new EmbeddedMetrics("test", new PrintStream(printed, true, UTF_8));
  private final Invocations invocations = new Invocations(clock, metrics, "awsRequestId");

  @Test
  void anEndIsOneLineWithWhatIsKnown() {
    List<JsonObject> lines;
    try (Logs logs = Logs.open()) {
      invocations.run(
          LambdaCalls.of(Invocation.traced("call-1", TRACE)),
          line -> {
            MDC.put("accountId", "1000001");
            metrics.add(Metric.LOGS_RECEIVED, 2);
            clock.advance(Duration.ofMillis(120));
            return line.addKeyValue("status", 200);
          });
      lines = logs.lines();
    }

    assertThat(lines).hasSize(1);
    assertThat(Json.text(lines.getFirst()))
        .contains("\"level\":\"INFO\"", "\"message\":\"invocation ended\"")
        .contains("\"awsRequestId\":\"call-1\"", "\"accountId\":1000001,")
        .contains("\"traceId\":\"1-5759e988-bd862e3fe1be46a994272793\"")
        .contains("\"status\":200", "\"function\":\"function-1\"", "\"coldStart\":true")
        .contains("\"durationMs\":120", "\"counts\":{\"LogsReceived\":2}");
    assertThat(printed.toString(UTF_8)).contains("\"LogsReceived\":2.0", "\"call-1\"");
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
  }

  @Test
  void aFailedServiceIsAWarningWithTheMetricsSoFar() {
    JsonObject line =
        failing(new ServiceException.Unavailable("PutItem", "Throttled", "r-1", null));

    assertThat(Json.text(line))
        .contains("\"level\":\"WARN\"", "\"message\":\"invocation failed\"")
        .contains("\"error\":\"io.logarchive.fault.ServiceException$Unavailable\"")
        .contains("\"reason\":\"PutItem: Throttled (request r-1)\"")
        .contains("\"counts\":{\"LogsScanned\":7}")
        .doesNotContain("stack");
    assertThat(printed.toString(UTF_8)).containsOnlyOnce("\"LogsScanned\":7.0");
  }

  @Test
  void aBugIsAnErrorAndItsMessageIsNotOurs() {
    Throwable below = new IOException("a customer's words, too");
    assertThat(Json.text(failing(new IllegalStateException("a customer's words", below))))
        .contains("\"level\":\"ERROR\"", "\"error\":\"java.lang.IllegalStateException\"")
        .contains("\"stack\":\"java.lang.IllegalStateException\\n  at io.logarchive.functions.aws.")
        .contains("\\ncaused by java.io.IOException\\n  at io.logarchive.functions.aws.")
        .contains("\"counts\":{\"LogsScanned\":7}")
        .doesNotContain("words");
    assertThat(Json.text(failing(new OutOfMemoryError("no heap"))))
        .contains("\"level\":\"ERROR\"", "\"error\":\"java.lang.OutOfMemoryError\"");
    assertThat(Json.text(failing(new IOException("cut off"))))
        .contains("\"error\":\"java.io.IOException\"");
  }

  @Test
  void whatOneInvocationCountedIsNotTheNextOnes() {
    failing(new IllegalStateException());
    try (Logs logs = Logs.open()) {
      invocations.run(LambdaCalls.of(Invocation.of("call-2")), line -> line);
      assertThat(Json.text(logs.lines().getFirst()))
          .contains("\"coldStart\":false")
          .doesNotContain("counts", "traceId", "restoreId");
    }
  }

  private JsonObject failing(Throwable failure) {
    try (Logs logs = Logs.open()) {
      assertThatThrownBy(
              () ->
                  invocations.run(
                      LambdaCalls.of(Invocation.of("call-1")),
                      line -> {
                        MDC.put("restoreId", "1000002");
                        metrics.add(Metric.LOGS_SCANNED, 7);
                        throwIt(failure);
                        return line;
                      }))
          .isSameAs(failure);
      assertThat(logs.lines()).hasSize(1);
      assertThat(Json.text(logs.lines().getFirst())).contains("\"restoreId\":1000002");
      return logs.lines().getFirst();
    }
  }

  private static void throwIt(Throwable failure) throws Exception {
    switch (failure) {
      case Error error -> throw error;
      case Exception exception -> throw exception;
      default -> throw new IllegalArgumentException("no test throws this", failure);
    }
  }
}
