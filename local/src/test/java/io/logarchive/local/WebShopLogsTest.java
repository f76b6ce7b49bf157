package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WebShopLogsTest {
  private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");
  private static final int COUNT = 10_000;

  @Test
  void sameArgumentsGiveTheSameBytes() {
    assertThat(bytes(new WebShopLogs(7, START, 5_000)))
        .isEqualTo(bytes(new WebShopLogs(7, START, 5_000)));
  }

  @Test
  void anotherSeedGivesOtherBytes() {
    assertThat(bytes(new WebShopLogs(7, START, 100)))
        .isNotEqualTo(bytes(new WebShopLogs(8, START, 100)));
  }

  @Test
  void thereAreAsManyAsAskedFor() {
    for (int count : new int[] {0, 1, 2, 3, 1_000}) {
      WebShopLogs logs = new WebShopLogs(7, START, count);
      for (int i = 0; i < count; i++) {
        logs.next();
      }
      assertThat(logs.hasNext()).isFalse();
      assertThatThrownBy(logs::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void eachIsOneLineWithOneObjectAndATimeWithinTheDay() {
    Set<String> types = new TreeSet<>();
    Set<String> levels = new TreeSet<>();
    int[] perHour = new int[24];
    WebShopLogs logs = new WebShopLogs(7, START, COUNT);
    while (logs.hasNext()) {
      byte[] line = logs.next();
      String text = new String(line, StandardCharsets.ISO_8859_1);
      assertThat(text.indexOf('\n')).isEqualTo(line.length - 1);
      JsonObject log = Json.object(line);
      String time = text(log, "@timestamp");
      assertThat(time).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
      assertThat(Instant.parse(time))
          .isAfterOrEqualTo(START)
          .isBefore(START.plus(Duration.ofDays(1)));
      perHour[(int) Duration.between(START, Instant.parse(time)).toHours()]++;
      assertThat(text(log, "message")).isNotBlank();
      assertThat(text(log, "service")).isNotBlank();
      types.add(text(log, "type"));
      levels.add(text(log, "level"));
    }
    assertThat(types)
        .containsExactly(
            "auth",
            "cart",
            "catalog",
            "checkout",
            "inventory",
            "mailer",
            "nginx-access",
            "payment",
            "search");
    assertThat(levels).containsExactly("debug", "error", "info", "warn");
    assertThat(perHour).doesNotContain(0);
    assertThat(perHour[19]).isGreaterThan(10 * perHour[4]);
  }

  @Test
  void aFieldHasTheSameKindOfValueInEveryLog() {
    Map<String, String> kinds = new HashMap<>();
    WebShopLogs logs = new WebShopLogs(7, START, COUNT);
    while (logs.hasNext()) {
      collectKinds("", Json.object(logs.next()), kinds);
    }
    assertThat(kinds).hasSizeBetween(50, 120);
  }

  private static void collectKinds(String path, JsonValue value, Map<String, String> kinds) {
    switch (value) {
      case JsonObject object ->
          object
              .members()
              .forEach((name, member) -> collectKinds(path + "/" + name, member, kinds));
      case JsonValue.Array array -> array.values().forEach(item -> collectKinds(path, item, kinds));
      case JsonValue.Null none -> {}
      case JsonValue.Text text -> assertKind(path, "text", kinds);
      case JsonValue.Num number -> assertKind(path, "number", kinds);
      case JsonValue.Bool bool -> assertKind(path, "boolean", kinds);
    }
  }

  private static void assertKind(String path, String kind, Map<String, String> kinds) {
    String before = kinds.putIfAbsent(path, kind);
    assertThat(before).as(path).isIn(null, kind);
  }

  @Test
  void compressLikeRealLogs() {
    byte[] all = bytes(new WebShopLogs(7, START, COUNT));

    double ratio = (double) all.length / Zstd.compress(all, 3).length;

    assertThat(ratio).isBetween(6.0, 14.0);
  }

  private static String text(JsonObject log, String field) {
    return log.member(field).map(value -> ((JsonValue.Text) value).value()).orElseThrow();
  }

  private static byte[] bytes(WebShopLogs logs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    logs.forEachRemaining(out::writeBytes);
    return out.toByteArray();
  }
}
