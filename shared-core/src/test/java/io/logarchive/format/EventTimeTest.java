package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class EventTimeTest {
  private static final Pattern RFC3339 =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\\.[0-9]+)?"
              + "(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))");
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  @Test
  void rfc3339IsRead() {
    long second = Instant.parse("2026-11-22T17:03:05Z").toEpochMilli();
    assertThat(time("\"2026-11-22T17:03:05Z\"")).isEqualTo(second);
    assertThat(time("\"2026-11-22t17:03:05z\"")).isEqualTo(second);
    assertThat(time("\"2026-11-22 17:03:05Z\"")).isEqualTo(second);
    assertThat(time("\"2026-11-22T17:03:05.2Z\"")).isEqualTo(second + 200);
    assertThat(time("\"2026-11-22T17:03:05.250999999999Z\"")).isEqualTo(second + 250);
    assertThat(time("\"2026-11-22T18:33:05+01:30\"")).isEqualTo(second);
    assertThat(time("\"2026-11-22T09:03:05.004-08:00\"")).isEqualTo(second + 4);
    assertThat(time("\"2026-11-22T17:03:05-00:00\"")).isEqualTo(second);
    assertThat(time("\"2024-02-29T00:00:00Z\"")).isEqualTo(1_709_164_800_000L);
    assertThat(time("\"1970-01-01T00:00:00Z\"")).isZero();
    assertThat(time("\"9999-12-31T23:59:59.999Z\"")).isEqualTo(EventTime.MAX);
  }

  @Test
  void aLeapSecondCountsAsTheSecondBeforeIt() {
    long last = Instant.parse("2016-12-31T23:59:59.500Z").toEpochMilli();
    assertThat(time("\"2016-12-31T23:59:60.5Z\"")).isEqualTo(last);
    assertThat(time("\"2017-01-01T01:59:60.5+02:00\"")).isEqualTo(last);
    assertThat(time("\"2016-12-31T22:59:60Z\"")).isEqualTo(EventTime.NONE);
    assertThat(time("\"2016-12-31T23:59:61Z\"")).isEqualTo(EventTime.NONE);
  }

  @Test
  void otherTextIsNoTime() {
    for (String text :
        new String[] {
          "\"2026-11-22\"",
          "\"2026-11-22T17:03Z\"",
          "\"2026-11-22T17:03:05\"",
          "\"2026-11-22T17:03:05.Z\"",
          "\"2026-11-22T17:03:05,5Z\"",
          "\"2026-11-22T17:03:05+0100\"",
          "\"2026-11-22T17:03:05+01\"",
          "\"2026-11-22T17:03:05+24:00\"",
          "\"2026-11-22T17:03:05Z \"",
          "\" 2026-11-22T17:03:05Z\"",
          "\"2026-11-22X17:03:05Z\"",
          "\"2026-13-22T17:03:05Z\"",
          "\"2026-00-22T17:03:05Z\"",
          "\"2026-11-31T17:03:05Z\"",
          "\"2026-11-00T17:03:05Z\"",
          "\"2026-02-29T17:03:05Z\"",
          "\"1900-02-29T17:03:05Z\"",
          "\"2026-11-22T24:00:00Z\"",
          "\"2026-11-22T17:60:05Z\"",
          "\"20261-11-22T17:03:05Z\"",
          "\"+026-11-22T17:03:05Z\"",
          "\"22/Nov/2026:17:03:05\"",
          "\"now\"",
          "\"\"",
          "\"",
          "",
          "true",
          "null",
          "{\"a\":1}",
          "[1]",
          "\"1.5.0\"",
          "\"01\"",
          "\"+1\"",
          "\" 1\"",
          "\"1 \"",
          "\"1e\"",
          "\"-\"",
          "-"
        }) {
      assertThat(time(text)).as(text).isEqualTo(EventTime.NONE);
    }
  }

  @Test
  void numbersAreSecondsOrMillisecondsByTheirSize() {
    assertThat(time("1634437185")).isEqualTo(1_634_437_185_000L);
    assertThat(time("\"1634437185\"")).isEqualTo(1_634_437_185_000L);
    assertThat(time("1634437185.1239")).isEqualTo(1_634_437_185_123L);
    assertThat(time("1.634437185E9")).isEqualTo(1_634_437_185_000L);
    assertThat(time("1634437185123")).isEqualTo(1_634_437_185_123L);
    assertThat(time("\"1634437185123.9\"")).isEqualTo(1_634_437_185_123L);
    assertThat(time("0.1634437185123e13")).isEqualTo(1_634_437_185_123L);
    assertThat(time("99999999999")).isEqualTo(99_999_999_999_000L);
    assertThat(time("99999999999.9999")).isEqualTo(99_999_999_999_999L);
    assertThat(time("100000000000")).isEqualTo(100_000_000_000L);
    assertThat(time("1e11")).isEqualTo(100_000_000_000L);
    assertThat(time("0")).isZero();
    assertThat(time("-0")).isZero();
    assertThat(time("0.0e99")).isZero();
    assertThat(time("1e-99")).isZero();
    assertThat(time("-1e-99")).isEqualTo(-1);
    assertThat(time("-1.5")).isEqualTo(-1_500);
    assertThat(time("-1.5001")).isEqualTo(-1_501);
    assertThat(time("1e99999999999999999999")).isEqualTo(EventTime.NONE);
    assertThat(time("1234567890123456789")).isEqualTo(EventTime.NONE);
    assertThat(time("0." + "0".repeat(70_000) + "5e70010")).isEqualTo(5_000_000_000_000L);
  }

  @Test
  void escapesInATimeAreResolved() {
    assertThat(time("\"2026-11-22\\u005417:03:05\\u005a\""))
        .isEqualTo(Instant.parse("2026-11-22T17:03:05Z").toEpochMilli());
    assertThat(time("\"\\u0031634437185\"")).isEqualTo(1_634_437_185_000L);
    assertThat(time("\"2026-11-22\\t17:03:05Z\"")).isEqualTo(EventTime.NONE);
    assertThat(time("\"163443718\\u0135\"")).isEqualTo(EventTime.NONE);
  }

  @Test
  void aTimeIsUsableFrom1970UntilADayAfterItsArrival() {
    long arrival = Instant.parse("2026-11-22T17:03:05.250Z").toEpochMilli();
    long day = Duration.ofDays(1).toMillis();
    assertThat(EventTime.usable(0, arrival)).isTrue();
    assertThat(EventTime.usable(arrival + day, arrival)).isTrue();
    assertThat(EventTime.usable(arrival + day + 1, arrival)).isFalse();
    assertThat(EventTime.usable(-1, arrival)).isFalse();
    assertThat(EventTime.usable(EventTime.NONE, arrival)).isFalse();
    assertThat(EventTime.usable(Long.MAX_VALUE, arrival)).isFalse();
    assertThat(EventTime.usable(EventTime.MAX + 1, EventTime.MAX)).isFalse();
  }

  @Test
  void timesWithoutANameAreNotWritten() {
    byte[] target = new byte[EventTime.RFC3339_LENGTH];
    assertThatIllegalArgumentException().isThrownBy(() -> EventTime.writeRfc3339(-1, target, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventTime.writeRfc3339(EventTime.MAX + 1, target, 0));
  }

  @Property
  void timesAreWrittenAsJavaWritesThem(@ForAll @LongRange(max = EventTime.MAX) long time) {
    byte[] target = new byte[EventTime.RFC3339_LENGTH + 2];
    target[0] = '<';
    target[target.length - 1] = '>';
    EventTime.writeRfc3339(time, target, 1);
    String written = new String(target, UTF_8);
    assertThat(written).isEqualTo("<" + MILLIS.format(Instant.ofEpochMilli(time)) + ">");
    assertThat(time(written.replace('<', '"').replace('>', '"'))).isEqualTo(time);
  }

  @Test
  void everyDayIsWrittenAndReadAsJavaDoes() {
    byte[] target = new byte[EventTime.RFC3339_LENGTH];
    for (long time = 0; time <= EventTime.MAX; time += Duration.ofHours(23).toMillis() + 7) {
      EventTime.writeRfc3339(time, target, 0);
      String written = new String(target, UTF_8);
      assertThat(Instant.parse(written).toEpochMilli()).isEqualTo(time);
      assertThat(time('"' + written + '"')).isEqualTo(time);
      // A million days, and time for nothing but these two lines.
      time += time > 4_102_444_800_000L ? Duration.ofDays(20).toMillis() : 0;
    }
  }

  @Property(tries = 5000)
  void agreesWithJavaOnRfc3339(@ForAll("rfc3339") String text) {
    assertThat(time('"' + text + '"')).isEqualTo(byJava(text));
  }

  @Property(tries = 5000)
  void agreesWithExactArithmeticOnNumbers(@ForAll("numbers") String text) {
    assertThat(time(text)).as(text).isEqualTo(byJava(text));
    assertThat(time('"' + text + '"')).as(text).isEqualTo(byJava(text));
  }

  @Property
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 40) String text) {
    time(text);
    time('"' + text + '"');
    time("\"2026-11-22T17:03:0" + text);
  }

  @Property
  void onlyTheRangeIsRead(@ForAll @IntRange(max = 30) int cut) {
    byte[] bytes = "1\"2026-11-22T17:03:05.123+01:00\"1".getBytes(UTF_8);
    assertThat(EventTime.parse(bytes, 1, bytes.length - 1)).isPositive();
    assertThat(EventTime.parse(bytes, 1, bytes.length - 2 - cut)).isEqualTo(EventTime.NONE);
  }

  @Provide
  Arbitrary<String> rfc3339() {
    Arbitrary<String> date =
        Combinators.combine(
                Arbitraries.integers().between(0, 9999),
                Arbitraries.frequencyOf(
                    Tuple.of(9, Arbitraries.integers().between(1, 12)),
                    Tuple.of(1, Arbitraries.of(0, 13, 99))),
                Arbitraries.frequencyOf(
                    Tuple.of(9, Arbitraries.integers().between(1, 31)),
                    Tuple.of(1, Arbitraries.of(0, 32))))
            .as((y, m, d) -> "%04d-%02d-%02d".formatted(y, m, d));
    Arbitrary<String> time =
        Combinators.combine(
                Arbitraries.integers().between(0, 24),
                Arbitraries.integers().between(0, 60),
                Arbitraries.integers().between(0, 61))
            .as((h, m, s) -> "%02d:%02d:%02d".formatted(h, m, s));
    Arbitrary<String> fraction =
        Arbitraries.strings().numeric().ofMaxLength(12).map(f -> f.isEmpty() ? "" : "." + f);
    Arbitrary<String> offset =
        Arbitraries.oneOf(
            Arbitraries.of("Z", "z", "", "+0100", "+1"),
            Combinators.combine(
                    Arbitraries.of("+", "-"),
                    Arbitraries.integers().between(0, 24),
                    Arbitraries.integers().between(0, 60))
                .as((sign, h, m) -> "%s%02d:%02d".formatted(sign, h, m)));
    Arbitrary<String> whole =
        Combinators.combine(date, Arbitraries.of("T", "t", " "), time, fraction, offset)
            .as((d, t, clock, f, o) -> d + t + clock + f + o);
    Arbitrary<String> leap =
        Combinators.combine(date, Arbitraries.of("23:59:60", "00:59:60", "12:29:60"), offset)
            .as((d, clock, o) -> d + "T" + clock + o);
    Arbitrary<String> changed =
        Combinators.combine(
                whole, Arbitraries.integers().between(0, 18), Arbitraries.chars().ascii())
            .filter((text, at, c) -> c != '"' && c != '\\')
            .as((text, at, c) -> text.substring(0, at) + c + text.substring(at + 1));
    return Arbitraries.frequencyOf(Tuple.of(6, whole), Tuple.of(1, leap), Tuple.of(1, changed));
  }

  @Provide
  Arbitrary<String> numbers() {
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(20);
    Arbitrary<String> integer =
        Arbitraries.oneOf(
            digits,
            Arbitraries.longs().between(-200_000_000_000L, 200_000_000_000L).map(String::valueOf),
            Arbitraries.of("0", "99999999999", "100000000000", "-100000000000", "-99999999999"));
    Arbitrary<String> sign = Arbitraries.of("", "", "", "-");
    Arbitrary<String> fraction =
        Arbitraries.of("", "", ".0", ".9999", ".00000001", ".5", ".", ".1234");
    Arbitrary<String> exponent =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just("")),
            Tuple.of(
                1,
                Combinators.combine(
                        Arbitraries.of("e", "E"),
                        Arbitraries.of("", "+", "-"),
                        Arbitraries.integers().between(0, 25))
                    .as((e, s, n) -> e + s + n)));
    return Combinators.combine(sign, integer, fraction, exponent).as((s, i, f, e) -> s + i + f + e);
  }

  private static long byJava(String text) {
    Matcher rfc = RFC3339.matcher(text);
    if (rfc.matches()) {
      return rfc3339ByJava(rfc);
    }
    if (!NUMBER.matcher(text).matches()) {
      return EventTime.NONE;
    }
    BigDecimal value = new BigDecimal(text);
    boolean millis = value.abs().compareTo(BigDecimal.TEN.pow(11)) >= 0;
    BigInteger time =
        (millis ? value : value.movePointRight(3))
            .setScale(0, RoundingMode.FLOOR)
            .toBigIntegerExact();
    return value.abs().compareTo(BigDecimal.TEN.pow(18)) >= 0
        ? EventTime.NONE
        : time.longValueExact();
  }

  private static long rfc3339ByJava(Matcher rfc) {
    try {
      int offset = 0;
      if (rfc.group(8) != null) {
        // Not by ZoneOffset: that one ends at 18 hours.
        LocalTime shift = LocalTime.of(number(rfc, 9), number(rfc, 10));
        offset = shift.toSecondOfDay() * (rfc.group(8).equals("-") ? -1 : 1);
      }
      boolean leap = number(rfc, 6) == 60;
      String fraction = rfc.group(7) == null ? ".0" : rfc.group(7);
      OffsetDateTime time =
          OffsetDateTime.of(
                  number(rfc, 1),
                  number(rfc, 2),
                  number(rfc, 3),
                  number(rfc, 4),
                  number(rfc, 5),
                  leap ? 59 : number(rfc, 6),
                  Integer.parseInt((fraction.substring(1) + "000000000").substring(0, 9)),
                  ZoneOffset.UTC)
              .minusSeconds(offset);
      if (leap && (time.getHour() != 23 || time.getMinute() != 59)) {
        return EventTime.NONE;
      }
      return time.toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      return EventTime.NONE;
    }
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static long time(String json) {
    byte[] bytes = json.getBytes(ISO_8859_1);
    return EventTime.parse(bytes, 0, bytes.length);
  }
}
