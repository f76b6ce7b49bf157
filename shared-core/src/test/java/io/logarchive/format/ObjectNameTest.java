package io.logarchive.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ObjectNameTest {
  private static final long MIN = Instant.parse("2026-11-22T17:00:00Z").toEpochMilli();
  private static final long MAX = Instant.parse("2026-11-22T17:59:59.999Z").toEpochMilli();
  private static final String BATCH = "0123456789abcdef0123456789abcdef";
  private static final String TAIL = ".1200.4096000." + BATCH + ".json.zst";
  private static final String DIRECTORY = "dt=20261122/hour=17/";

  @Test
  void theNameTellsWhatAPlanNeeds() {
    ObjectName name = new ObjectName(MIN, MAX, 1200, 4_096_000, BATCH, Compression.ZSTD);
    String path = DIRECTORY + "1795366800000-1795370399999" + TAIL;
    assertThat(name.path()).isEqualTo(path);
    assertThat(ObjectName.parse(path)).contains(name);
  }

  @Test
  void theSuffixTellsTheCompression() {
    for (Compression compression : Compression.values()) {
      ObjectName name = new ObjectName(MIN, MIN, 1, 3, BATCH, compression);
      assertThat(name.path()).endsWith(BATCH + compression.suffix());
      assertThat(ObjectName.parse(name.path())).contains(name);
    }
    assertThat(Compression.ZSTD.suffix()).isEqualTo(".json.zst");
    assertThat(Compression.GZIP.suffix()).isEqualTo(".json.gz");
    assertThat(Compression.NONE.suffix()).isEqualTo(".json");
  }

  @Test
  void theHourIsThatOfUtc() {
    assertThat(ObjectName.hourPrefix(Instant.parse("2026-11-22T17:59:59.999Z")))
        .isEqualTo(DIRECTORY);
    assertThat(ObjectName.hourPrefix(Instant.EPOCH)).isEqualTo("dt=19700101/hour=00/");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectName.hourPrefix(Instant.EPOCH.minusMillis(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectName.hourPrefix(Instant.parse("+10000-01-01T00:00:00Z")));
  }

  @Test
  void aNameThatThisFormatDoesNotWriteIsNotRead() {
    for (String path :
        new String[] {
          "",
          "logzio-verified",
          DIRECTORY,
          "/" + DIRECTORY + MIN + "-" + MAX + TAIL,
          DIRECTORY + MIN + "-" + MAX + TAIL + "/",
          DIRECTORY + MIN + "-" + MAX + TAIL + "\n",
          DIRECTORY + "x/" + MIN + "-" + MAX + TAIL,
          DIRECTORY + MIN + TAIL,
          DIRECTORY + "0" + MIN + "-" + MAX + TAIL,
          DIRECTORY + "-" + MIN + "-" + MAX + TAIL,
          DIRECTORY + "+" + MIN + "-" + MAX + TAIL,
          DIRECTORY + MIN + "-" + MAX + TAIL.replace("zst", "lz4"),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace(".zst", ".ZST"),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace(".json", ""),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace('a', 'A'),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace("f.", "."),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace("1200", "1,200"),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace("1200", "\u0661\u0662"),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace("1200", "9".repeat(19)),
          DIRECTORY.replace("17", "7") + MIN + "-" + MAX + TAIL,
          DIRECTORY.toUpperCase(Locale.ROOT) + MIN + "-" + MAX + TAIL
        }) {
      assertThat(ObjectName.parse(path)).as(path).isEmpty();
    }
  }

  @Test
  void aNameThatCannotBeTrueIsNotRead() {
    for (String path :
        new String[] {
          DIRECTORY + MAX + "-" + MIN + TAIL,
          DIRECTORY + (MIN - 1) + "-" + MAX + TAIL,
          DIRECTORY + MIN + "-" + (MAX + 1) + TAIL,
          DIRECTORY.replace("hour=17", "hour=18") + MIN + "-" + MAX + TAIL,
          DIRECTORY.replace("1122", "1123") + MIN + "-" + MAX + TAIL,
          DIRECTORY + MIN + "-" + MAX + TAIL.replace("1200", "0"),
          DIRECTORY + MIN + "-" + MAX + TAIL.replace("4096000", "3599"),
          "dt=99999999/hour=99/" + "9".repeat(18) + "-" + "9".repeat(18) + TAIL
        }) {
      assertThat(ObjectName.parse(path)).as(path).isEmpty();
    }
  }

  @Test
  void aNameThatCannotBeTrueIsNotMade() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectName(MAX, MIN, 1, 3, BATCH, Compression.ZSTD))
        .withMessageContaining(String.valueOf(MAX));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectName(MIN, MAX + 1, 1, 3, BATCH, Compression.ZSTD));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectName(-1, -1, 1, 3, BATCH, Compression.ZSTD));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectName(MIN, MAX, 2, 5, BATCH, Compression.ZSTD));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectName(MIN, MAX, 1, Long.MAX_VALUE, BATCH, Compression.ZSTD));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectName(MIN, MAX, 1, 3, BATCH + "0", Compression.ZSTD));
  }

  @Test
  void aLogHasItsOwnTimeWithinTheObjectsTimesAndElseTheEarliest() {
    ObjectName name = new ObjectName(MIN + 10, MIN + 20, 2, 10, BATCH, Compression.GZIP);
    assertThat(name.timeOf(MIN + 10)).isEqualTo(MIN + 10);
    assertThat(name.timeOf(MIN + 15)).isEqualTo(MIN + 15);
    assertThat(name.timeOf(MIN + 20)).isEqualTo(MIN + 20);
    assertThat(name.timeOf(MIN + 9)).isEqualTo(MIN + 10);
    assertThat(name.timeOf(MIN + 21)).isEqualTo(MIN + 10);
    assertThat(name.timeOf(EventTime.NONE)).isEqualTo(MIN + 10);
  }

  @Property
  void everyNameIsReadBack(@ForAll("names") ObjectName name) {
    assertThat(ObjectName.parse(name.path())).contains(name);
    assertThat(name.path()).startsWith(ObjectName.hourPrefix(Instant.ofEpochMilli(name.max())));
  }

  @Property
  void aNameUnderAnotherHourIsNotRead(
      @ForAll("names") ObjectName name, @ForAll @LongRange(max = EventTime.MAX) long other) {
    String path = name.path();
    String moved =
        ObjectName.hourPrefix(Instant.ofEpochMilli(other)) + path.substring(DIRECTORY.length());
    assertThat(ObjectName.parse(moved).isPresent()).isEqualTo(moved.equals(path));
  }

  @Property
  void theHourPrefixIsJavasOwn(@ForAll @LongRange(max = EventTime.MAX) long time) {
    ZonedDateTime utc = Instant.ofEpochMilli(time).atZone(ZoneOffset.UTC);
    assertThat(ObjectName.hourPrefix(Instant.ofEpochMilli(time)))
        .isEqualTo(
            String.format(
                Locale.ROOT,
                "dt=%04d%02d%02d/hour=%02d/",
                utc.getYear(),
                utc.getMonthValue(),
                utc.getDayOfMonth(),
                utc.getHour()));
  }

  @Property
  void anyTextIsReadOrRefused(@ForAll("names") ObjectName name, @ForAll int at, @ForAll char c) {
    String path = name.path();
    int index = Math.floorMod(at, path.length());
    String changed = path.substring(0, index) + c + path.substring(index + 1);
    ObjectName.parse(changed).ifPresent(read -> assertThat(read.path()).isEqualTo(changed));
  }

  @Provide
  Arbitrary<ObjectName> names() {
    long hour = Duration.ofHours(1).toMillis();
    return Combinators.combine(
            Arbitraries.longs().between(0, EventTime.MAX / hour),
            Arbitraries.longs().between(0, hour - 1),
            Arbitraries.longs().between(0, hour - 1),
            Arbitraries.longs().between(1, 1L << 50),
            Arbitraries.longs().between(0, 1L << 58),
            Arbitraries.strings().withChars("0123456789abcdef").ofLength(32),
            Arbitraries.of(Compression.class))
        .as(
            (h, a, b, lines, bytes, batch, compression) ->
                new ObjectName(
                    h * hour + Math.min(a, b),
                    h * hour + Math.max(a, b),
                    lines,
                    3 * lines + bytes,
                    batch,
                    compression));
  }
}
