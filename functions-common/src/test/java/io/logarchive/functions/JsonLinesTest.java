package io.logarchive.functions;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.logarchive.Example");
  private final JsonLines encoder = new JsonLines();

  @Test
  void anEventIsOneLineOfPlainMembers() {
    LoggingEvent event = event("a {} is\n\"here\"", null, "log");
    event.setMDCPropertyMap(Map.of("awsRequestId", "r-1"));
    event.setKeyValuePairs(
        List.of(
            new KeyValuePair("counts", JsonObject.builder().put("LogsReceived", 2).build()),
            new KeyValuePair("status", 200),
            new KeyValuePair("durationMs", 12L),
            new KeyValuePair("coldStart", true),
            new KeyValuePair("path", null)));

    assertThat(line(event))
        .isEqualTo(
            "{\"time\":\"2026-11-22T17:00:00.123Z\",\"level\":\"WARN\","
                + "\"logger\":\"io.logarchive.Example\",\"message\":\"a log is\\n\\\"here\\\"\","
                + "\"awsRequestId\":\"r-1\",\"counts\":{\"LogsReceived\":2},\"status\":200,\"durationMs\":12,\"coldStart\":true,"
                + "\"path\":\"null\"}\n");
  }

  @Test
  void idsOfTheContextAreNumbersAsElsewhere() {
    LoggingEvent event = event("done", null);
    event.setMDCPropertyMap(
        new TreeMap<>(Map.of("accountId", "1000001", "requestId", "007", "slice", "0")));

    assertThat(line(event)).contains("\"accountId\":1000001,\"requestId\":\"007\",\"slice\":0}");
  }

  @Test
  void anExceptionStaysInTheLineWithItsCauses() {
    LoggingEvent event =
        event("failed", new IllegalStateException("outer", new RuntimeException("inner")));

    JsonObject line = Json.object(line(event).getBytes(StandardCharsets.UTF_8));

    assertThat(line(event)).containsOnlyOnce("\n").endsWith("}\n");
    assertThat(Json.text(line.member("exception").orElseThrow()))
        .contains("java.lang.IllegalStateException: outer")
        .contains("Caused by: java.lang.RuntimeException: inner")
        .contains("at io.logarchive.functions.JsonLinesTest");
  }

  private String line(LoggingEvent event) {
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  private LoggingEvent event(String message, @Nullable Throwable failure, Object... arguments) {
    LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, failure, arguments);
    event.setInstant(Instant.parse("2026-11-22T17:00:00.123Z"));
    return event;
  }
}
