package io.logarchive.restore;

import static io.logarchive.testkit.InMemoryDeployment.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.format.ObjectName;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.TestArchive;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever is sent: restoring all hours gives exactly the lines sent, each once, and every name is
 * true.
 */
class RoundTripTest {
  private static final Instant NOW = InMemoryDeployment.NOW;
  private static final Pattern TIME = Pattern.compile("\"@timestamp\":\"?([^\",}]*)\"?[,}]");

  /**
   * Bodies of which no two have a line in common: blocks that are equal byte for byte, times
   * included, are one.
   *
   * @param setting the archive's {@code compression}, or {@code none}
   */
  record Sent(String setting, List<List<String>> bodies) {}

  @Property(tries = 150)
  void everyLineComesBackOnce(@ForAll("anything") Sent sent) {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.customer("customer");
    deployment.storages.createBucket(
        "bucket", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    deployment.createSettings(customer, settings(sent.setting()));
    List<String> expected = new ArrayList<>();
    for (List<String> body : sent.bodies()) {
      // A later arrival, so that what has no time of its own is not the same object.
      deployment.clock.advance(Duration.ofMillis(1));
      ApiResponse reply = deployment.send(customer, String.join("\n", body));
      assertThat(reply.status()).as(reply.bodyText()).isEqualTo(200);
      String arrival = DateText.of(deployment.clock.instant());
      body.forEach(line -> expected.add(spliced(line, arrival)));
    }
    ArchiveStorage bucket = deployment.bucket("bucket");
    List<ObjectName> names = TestArchive.names(bucket);
    TreeSet<Instant> hours = new TreeSet<>();
    for (ObjectName name : names) {
      nameIsTrue(bucket, name);
      hours.add(Instant.ofEpochMilli(name.min()).truncatedTo(ChronoUnit.HOURS));
    }

    List<String> restored = new ArrayList<>();
    for (Instant hour : hours) {
      JsonObject operation =
          deployment.restore(customer, "restore", hour, hour.plus(1, ChronoUnit.HOURS));
      int id = number(operation, "id");
      restored.addAll(deployment.restoredLines(id));
      deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), "");
    }

    assertThat(TestArchive.lines(bucket)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(restored).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void nameIsTrue(ArchiveStorage bucket, ObjectName name) {
    byte[] inflated = TestArchive.inflated(bucket, name.path());
    assertThat(name.bytes()).isEqualTo(inflated.length);
    List<String> lines = TestArchive.lines(bucket, name.path());
    assertThat(name.lines()).isEqualTo(lines.size());
    List<Long> own = lines.stream().map(RoundTripTest::naiveTime).toList();
    if (own.stream().allMatch(time -> time >= name.min() && time <= name.max())) {
      assertThat(own.stream().mapToLong(time -> time).min()).hasValue(name.min());
      assertThat(own.stream().mapToLong(time -> time).max()).hasValue(name.max());
    } else {
      assertThat(name.max()).isEqualTo(name.min());
      assertThat(Instant.ofEpochMilli(name.min())).isBetween(NOW, NOW.plusSeconds(1));
    }
  }

  /** The times that the generator makes, read by what every Java programmer would use. */
  private static long naiveTime(String line) {
    Matcher time = TIME.matcher(line);
    assertThat(time.find()).as(line).isTrue();
    String text = time.group(1);
    if (text.matches("\\d{13}")) {
      return Long.parseLong(text);
    }
    if (text.matches("\\d{1,10}")) {
      return Long.parseLong(text) * 1_000;
    }
    return text.matches("[1-9]\\d{3}-(0\\d|1[0-2])-.*Z")
        ? Instant.parse(text).toEpochMilli()
        : Long.MIN_VALUE;
  }

  private static String spliced(String line, String arrival) {
    String members = line.equals("{}") ? "" : ",";
    boolean time = line.contains("@timestamp");
    boolean type = line.contains("\"type\"");
    String start =
        (time ? "" : "\"@timestamp\":\"" + arrival + "\"")
            + (time || type ? "" : ",")
            + (type ? "" : "\"type\":\"http-bulk\"");
    return start.isEmpty() ? line : "{" + start + members + line.substring(1);
  }

  @Provide
  Arbitrary<Sent> anything() {
    Arbitrary<List<String>> body = lines().list().ofMinSize(1).ofMaxSize(60);
    return Combinators.combine(
            Arbitraries.of("zstd", "gzip", "none"), body.list().ofMinSize(1).ofMaxSize(4))
        .as(
            (setting, bodies) -> {
              List<List<String>> numbered = new ArrayList<>();
              for (int i = 0; i < bodies.size(); i++) {
                String number = "\"body\":" + i;
                numbered.add(
                    bodies.get(i).stream()
                        .map(
                            line ->
                                line.substring(0, line.length() - 1)
                                    + (line.equals("{}") ? "" : ",")
                                    + number
                                    + "}")
                        .toList());
              }
              return new Sent(setting, numbered);
            });
  }

  private static Arbitrary<String> lines() {
    Arbitrary<String> time =
        Arbitraries.frequencyOf(
            Tuple.of(6, times(Duration.ofHours(30)).map(at -> "\"" + DateText.of(at) + "\"")),
            Tuple.of(1, times(Duration.ofDays(20_000)).map(at -> "\"" + DateText.of(at) + "\"")),
            Tuple.of(1, times(Duration.ofHours(3)).map(at -> Long.toString(at.toEpochMilli()))),
            Tuple.of(1, times(Duration.ofHours(3)).map(at -> Long.toString(at.getEpochSecond()))),
            Tuple.of(
                1,
                Arbitraries.of(
                    "\"yesterday\"",
                    "null",
                    "{}",
                    "[1]",
                    "true",
                    "\"\"",
                    "\"2026-13-01T00:00:00Z\"")),
            Tuple.of(2, Arbitraries.just("")));
    Arbitrary<String> value =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.strings().alpha().numeric().ofMaxLength(30)),
            Tuple.of(1, Arbitraries.of("ü", "😀", "\\\"", "\\u0000", "\\n{\\\"a\\\":1}")),
            Tuple.of(
                1, Arbitraries.integers().between(0, 20_000).map(length -> "x".repeat(length))));
    return Combinators.combine(time, Arbitraries.of(true, false), value)
        .as(
            (at, type, text) -> {
              List<String> members = new ArrayList<>();
              if (!text.isEmpty()) {
                members.add("\"message\":\"" + text + "\"");
              }
              if (!at.isEmpty()) {
                members.add("\"@timestamp\":" + at);
              }
              if (type) {
                members.add("\"type\":\"t\"");
              }
              return "{" + String.join(",", members) + "}";
            });
  }

  private static Arbitrary<Instant> times(Duration before) {
    return Arbitraries.longs()
        .between(-before.toMillis(), Duration.ofHours(30).toMillis())
        .map(NOW::plusMillis);
  }

  private static String settings(String setting) {
    String body = InMemoryDeployment.settings("bucket");
    String more =
        setting.equals("none") ? "\"compressed\":false," : "\"compression\":\"" + setting + "\",";
    return "{" + more + body.strip().substring(1);
  }

  /** Times with milliseconds, as the archive writes them. */
  private static final class DateText {
    private static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static String of(Instant time) {
      return FORMAT.format(time);
    }
  }
}
