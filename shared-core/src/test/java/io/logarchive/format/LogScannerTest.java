package io.logarchive.format;

import static io.logarchive.format.LogScanner.Kind.BLANK;
import static io.logarchive.format.LogScanner.Kind.END;
import static io.logarchive.format.LogScanner.Kind.LOG;
import static io.logarchive.format.LogScanner.Kind.MALFORMED;
import static io.logarchive.format.LogScanner.Kind.OVERSIZED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.logarchive.format.LogScanner.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogScannerTest {
  private static final int MAX = 500_000;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(LogScanner.MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** What a line is, and its text without the white space around it. */
  private record Line(Kind kind, String text) {}

  @Test
  void linesAreFoundWithoutTheWhiteSpaceAroundThem() {
    assertThat(lines("{\"a\":1}\n \t{\"b\":2} \r\n\r\n  \n{\"c\":3}", MAX))
        .containsExactly(
            new Line(LOG, "{\"a\":1}"),
            new Line(LOG, "{\"b\":2}"),
            new Line(BLANK, ""),
            new Line(BLANK, ""),
            new Line(LOG, "{\"c\":3}"));
  }

  @Test
  void anEmptyRangeHasNoLines() {
    LogScanner scanner = new LogScanner(MAX);
    scanner.reset(bytes("{}\n{}"), 2, 2);
    assertThat(scanner.next()).isEqualTo(END);
    assertThat(scanner.next()).isEqualTo(END);
  }

  @Test
  void onlyTheRangeIsLookedAt() {
    byte[] bytes = bytes("{}{}\n{}x");
    LogScanner scanner = new LogScanner(MAX);
    scanner.reset(bytes, 2, 7);
    assertThat(scanner.next()).isEqualTo(LOG);
    assertThat(scanner.start()).isEqualTo(2);
    assertThat(scanner.end()).isEqualTo(4);
    assertThat(scanner.next()).isEqualTo(LOG);
    assertThat(scanner.start()).isEqualTo(5);
    assertThat(scanner.end()).isEqualTo(7);
    assertThat(scanner.next()).isEqualTo(END);
  }

  @Test
  void aRangeOutsideTheBytesIsABug() {
    LogScanner scanner = new LogScanner(MAX);
    assertThatIllegalArgumentException().isThrownBy(() -> scanner.reset(new byte[3], 1, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> scanner.reset(new byte[3], -1, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> scanner.reset(new byte[3], 2, 1));
  }

  @Test
  void everyJsonObjectIsALog() {
    for (String log :
        List.of(
            "{}",
            "{ }",
            "{\t\"a\"\r: [ ] , \"b\" :{ } }",
            "{\"\":\"\"}",
            "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00\\ud800\"}",
            "{\"a\":[0,-0,1.5,-1.5e3,2E-7,3e+9,10]}",
            "{\"a\":[true,false,null,\"\",{\"b\":[[],{}]}]}",
            "{\"é\":\"→ 😀\"}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":\"\u007f\"}")) {
      assertThat(lines(log, MAX))
          .containsExactly(new Line(LOG, new String(encoded(log), ISO_8859_1)));
    }
  }

  @Test
  void everythingElseIsMalformed() {
    for (String line :
        List.of(
            "x",
            "1",
            "\"a\"",
            "[]",
            "[{}]",
            "null",
            "{",
            "}",
            "{}}",
            "{}{}",
            "{},",
            "{}x",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":1,,\"b\":2}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":[1,]}",
            "{\"a\":[,1]}",
            "{\"a\":[1}",
            "{\"a\":{]}",
            "{\"a\":01}",
            "{\"a\":-}",
            "{\"a\":-01}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":+1}",
            "{\"a\":1e}",
            "{\"a\":1e+}",
            "{\"a\":0x1}",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":tru}",
            "{\"a\":truex}",
            "{\"a\":True}",
            "{\"a\":nul",
            "{\"a\":\"",
            "{\"a\":\"\\",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12g4\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\u",
            "{\"a\":\"\t\"}",
            "{\"a\":\"\u0000\"}",
            "{\"a\":1}/**/",
            "{\"a\":1}#",
            "\ufeff{}",
            "{\u00a0}",
            "{\"a\":1\u000b}")) {
      assertThat(lines(line, MAX))
          .as(line)
          .containsExactly(new Line(MALFORMED, new String(encoded(line), ISO_8859_1)));
    }
  }

  @Test
  void aBrokenLineSpoilsNoOther() {
    assertThat(lines("{\"a\":\"\n{\"b\":1}\n{\"c\":\n}\n{}", MAX))
        .containsExactly(
            new Line(MALFORMED, "{\"a\":\""),
            new Line(LOG, "{\"b\":1}"),
            new Line(MALFORMED, "{\"c\":"),
            new Line(MALFORMED, "}"),
            new Line(LOG, "{}"));
  }

  @Test
  void bytesThatAreNoUtf8AreKept() {
    byte[] line = {
      '{', '"', (byte) 0xff, '"', ':', '"', (byte) 0xc3, (byte) 0x80, (byte) 0xed, '"', '}'
    };
    LogScanner scanner = new LogScanner(MAX);
    scanner.reset(line, 0, line.length);
    assertThat(scanner.next()).isEqualTo(LOG);
    assertThat(scanner.end()).isEqualTo(line.length);
  }

  @Test
  void theDepthIsLimited() {
    int inner = LogScanner.MAX_DEPTH - 1;
    String deepest = "{\"a\":" + "[".repeat(inner) + "]".repeat(inner) + "}";
    String tooDeep = "{\"a\":" + "[".repeat(inner + 1) + "]".repeat(inner + 1) + "}";
    assertThat(lines(deepest, MAX)).containsExactly(new Line(LOG, deepest));
    assertThat(lines(tooDeep, MAX)).containsExactly(new Line(MALFORMED, tooDeep));
    String endless = "{\"a\":".repeat(100_000);
    assertThat(lines(endless, 1_000_000)).containsExactly(new Line(MALFORMED, endless));
  }

  @Test
  void aLineMayBeAsLongAsTheLimitAndNoLonger() {
    String log = "{\"a\":12}";
    assertThat(lines(" " + log + " \n" + log, log.length()))
        .containsExactly(new Line(LOG, log), new Line(LOG, log));
    assertThat(lines(" " + log + " \n{}", log.length() - 1))
        .containsExactly(new Line(OVERSIZED, log), new Line(LOG, "{}"));
    assertThat(lines("x".repeat(9) + "\n" + "x".repeat(8), 8))
        .containsExactly(new Line(OVERSIZED, "x".repeat(9)), new Line(MALFORMED, "x".repeat(8)));
    assertThat(lines("{\"a\":    \n{}", 8))
        .containsExactly(new Line(MALFORMED, "{\"a\":"), new Line(LOG, "{}"));
  }

  @Test
  void theFirstTimestampOfTheTopLevelIsFound() {
    assertThat(timestamp("{\"@timestamp\":\"2026\"}")).isEqualTo("\"2026\"");
    assertThat(timestamp("{\"a\":1, \"@timestamp\" : 12.5 ,\"b\":2}")).isEqualTo("12.5");
    assertThat(timestamp("{\"@timestamp\":1,\"@timestamp\":2}")).isEqualTo("1");
    assertThat(timestamp("{\"@timestamp\":{\"@timestamp\":[]} }")).isEqualTo("{\"@timestamp\":[]}");
    assertThat(timestamp("{\"@timestamp\":{},\"a\":[]}")).isEqualTo("{}");
    assertThat(timestamp("{\"@timestamp\": [1, {\"a\":2}] , \"a\":3}")).isEqualTo("[1, {\"a\":2}]");
    assertThat(timestamp("{\"\\u0040time\\u0073tamp\":true}")).isEqualTo("true");
    assertThat(timestamp("{\"a\":{\"@timestamp\":1},\"b\":[{\"@timestamp\":2}]}")).isNull();
    assertThat(timestamp("{\"timestamp\":1,\"@timestamp2\":2,\"@timestam\":3,\"\":4}")).isNull();
    assertThat(timestamp("{\"a\":\"@timestamp\",\"@Timestamp\":1,\"\\\\@timestamp\":2}")).isNull();
    assertThat(timestamp("{}")).isNull();
  }

  @Test
  void aTypeIsNoted() {
    assertThat(hasType("{\"type\":null}")).isTrue();
    assertThat(hasType("{\"a\":1,\"t\\u0079pe\":2}")).isTrue();
    assertThat(hasType("{\"types\":1,\"typ\":2,\"Type\":3,\"a\":\"type\",\"b\":{\"type\":1}}"))
        .isFalse();
    assertThat(hasType("{}")).isFalse();
  }

  @Test
  void theTimestampCanBeCutOut() {
    assertThat(withoutTimestamp("{\"@timestamp\":1}")).isEqualTo("{}");
    assertThat(withoutTimestamp("{ \"@timestamp\" : 1 }")).isEqualTo("{  }");
    assertThat(withoutTimestamp("{\"@timestamp\":1,\"a\":2}")).isEqualTo("{\"a\":2}");
    assertThat(withoutTimestamp("{\"a\":2 , \"@timestamp\":1 }")).isEqualTo("{\"a\":2  }");
    assertThat(withoutTimestamp("{\"a\":2,\"@timestamp\":1,\"b\":3}"))
        .isEqualTo("{\"a\":2,\"b\":3}");
  }

  @Test
  void aPrettyPrintedObjectIsOneObject() {
    assertThat(isOneObject("{\n  \"a\": [\n    1,\r\n\t2 ] }\n\n")).isTrue();
    assertThat(isOneObject(" \n{}")).isTrue();
    assertThat(isOneObject("{}\n{}")).isFalse();
    assertThat(isOneObject("{\"a\":\"\n\"}")).isFalse();
    assertThat(isOneObject("{\"a\":1")).isFalse();
    assertThat(isOneObject("[\n]")).isFalse();
    assertThat(isOneObject("\n")).isFalse();
    assertThat(isOneObject("")).isFalse();
    assertThat(LogScanner.isOneObject(bytes("x{\n}x"), 1, 4)).isTrue();
  }

  @Test
  void aLimitThatNoLogMeetsIsABug() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LogScanner(1))
        .withMessageContaining("1");
  }

  @Property(tries = 3000)
  void agreesWithAParserThatWorksOnOneLineAtATime(@ForAll("bodies") String body) {
    assertThat(lines(body, MAX)).isEqualTo(linesByJackson(body, MAX));
  }

  @Property(tries = 1000)
  void agreesWithThatParserForShortLimits(
      @ForAll("bodies") String body, @ForAll @IntRange(min = 2, max = 60) int limit) {
    assertThat(lines(body, limit)).isEqualTo(linesByJackson(body, limit));
  }

  @Property(tries = 1000)
  void findsTheMembersThatAParserFinds(@ForAll("logs") String log) throws IOException {
    LogScanner scanner = new LogScanner(MAX);
    byte[] bytes = log.getBytes(ISO_8859_1);
    scanner.reset(bytes, 0, bytes.length);
    assertThat(scanner.next()).isEqualTo(LOG);
    String timestamp = null;
    boolean type = false;
    try (JsonParser parser = JSON.createParser(log)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        long start = parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        long end = parser.currentLocation().getCharOffset();
        if (key.equals("@timestamp") && timestamp == null) {
          timestamp = log.substring((int) start, (int) end).strip();
        }
        type |= key.equals("type");
      }
    }
    assertThat(scanner.hasType()).isEqualTo(type);
    assertThat(timestamp(log)).isEqualTo(timestamp);
    if (timestamp != null) {
      assertThat(lines(withoutTimestamp(log), MAX)).extracting(Line::kind).containsExactly(LOG);
    }
  }

  @Property(tries = 500)
  void onePrettyPrintedObjectIsWhatAParserCallsOne(@ForAll("texts") String text) {
    assertThat(LogScanner.isOneObject(text.getBytes(ISO_8859_1), 0, text.length()))
        .isEqualTo(isObject(text));
  }

  @Provide
  Arbitrary<String> bodies() {
    return Combinators.combine(texts().list().ofMaxSize(6), Arbitraries.of("\n", "\r\n", " \n\t"))
        .as((lines, end) -> String.join(end, lines));
  }

  /** Objects, and what becomes of them when bytes are changed. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.of(
                "{", "}", "[", "]", "\"", ":", ",", "\\", "\n", " ", "\\u", "0", "-", "e", "."),
            Arbitraries.chars().range('\0', '\u00ff').map(String::valueOf));
    Arbitrary<String> changed =
        Combinators.combine(
                logs(), Arbitraries.doubles().between(0, 1), piece, Arbitraries.of(0, 1, 2))
            .as(
                (log, where, inserted, removed) -> {
                  int at = (int) (where * log.length());
                  return log.substring(0, at)
                      + inserted
                      + log.substring(Math.min(at + removed, log.length()));
                });
    return Arbitraries.frequencyOf(
        Tuple.of(3, logs()),
        Tuple.of(3, changed),
        Tuple.of(1, values()),
        Tuple.of(1, Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(8)));
  }

  @Provide
  Arbitrary<String> logs() {
    return object(values());
  }

  private static Arbitrary<String> values() {
    Arbitrary<String> number =
        Arbitraries.oneOf(
            Arbitraries.integers().map(String::valueOf),
            Arbitraries.doubles().map(String::valueOf),
            Arbitraries.of("0", "-0", "1e5", "1E+05", "0.10", "-2.5e-3"));
    Arbitrary<String> leaf =
        Arbitraries.oneOf(number, string(), Arbitraries.of("true", "false", "null"));
    return Arbitraries.lazyOf(
        () -> leaf,
        () -> leaf,
        () -> leaf,
        () -> object(values()),
        () ->
            Combinators.combine(values().list().ofMaxSize(3), space())
                .as(
                    (values, space) ->
                        "[" + space + String.join(space + ",", values) + space + "]"));
  }

  private static Arbitrary<String> object(Arbitrary<String> values) {
    Arbitrary<String> key =
        Arbitraries.oneOf(
            string(),
            Arbitraries.of(
                "\"@timestamp\"", "\"type\"", "\"\\u0040timestamp\"", "\"\\u0074ype\"", "\"a\""));
    Arbitrary<String> member =
        Combinators.combine(key, space(), values).as((k, space, v) -> k + space + ":" + space + v);
    return Combinators.combine(member.list().ofMaxSize(5), space())
        .as(
            (members, space) ->
                "{" + space + String.join(space + "," + space, members) + space + "}");
  }

  private static Arbitrary<String> string() {
    Arbitrary<String> text =
        Arbitraries.oneOf(
            Arbitraries.chars()
                .range(' ', '\u00ff')
                .filter(c -> c != '"' && c != '\\')
                .map(String::valueOf),
            Arbitraries.of("\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\uD83D", "{", "}", ","));
    return text.list().ofMaxSize(12).map(parts -> "\"" + String.join("", parts) + "\"");
  }

  private static Arbitrary<String> space() {
    return Arbitraries.of("", "", "", " ", "\t", "\r", "  ");
  }

  private static List<Line> lines(String text, int limit) {
    byte[] bytes = encoded(text);
    LogScanner scanner = new LogScanner(limit);
    scanner.reset(bytes, 0, bytes.length);
    List<Line> lines = new ArrayList<>();
    for (Kind kind = scanner.next(); kind != END; kind = scanner.next()) {
      String line = new String(bytes, scanner.start(), scanner.end() - scanner.start(), ISO_8859_1);
      lines.add(new Line(kind, line));
    }
    return lines;
  }

  private static List<Line> linesByJackson(String text, int limit) {
    List<Line> lines = new ArrayList<>();
    String rest = text;
    while (!rest.isEmpty()) {
      int end = rest.indexOf('\n');
      String line =
          (end < 0 ? rest : rest.substring(0, end)).replaceAll("\\A[ \t\r]+|[ \t\r]+\\z", "");
      rest = end < 0 ? "" : rest.substring(end + 1);
      Kind kind = LOG;
      if (line.isEmpty()) {
        kind = BLANK;
      } else if (line.length() > limit) {
        kind = OVERSIZED;
      } else if (!isObject(line)) {
        kind = MALFORMED;
      }
      lines.add(new Line(kind, line));
    }
    return lines;
  }

  /** One char is one byte here, as Jackson refuses bytes that are no UTF-8. */
  private static boolean isObject(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (JsonProcessingException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("a string does not fail to be read", e);
    }
  }

  private static boolean isOneObject(String text) {
    return LogScanner.isOneObject(bytes(text), 0, bytes(text).length);
  }

  private static @Nullable String timestamp(String log) {
    LogScanner scanner = scanned(log);
    return scanner.hasTimestamp()
        ? new String(
            log.getBytes(ISO_8859_1),
            scanner.timestampStart(),
            scanner.timestampEnd() - scanner.timestampStart(),
            ISO_8859_1)
        : null;
  }

  private static String withoutTimestamp(String log) {
    LogScanner scanner = scanned(log);
    return log.substring(0, scanner.timestampMemberStart())
        + log.substring(scanner.timestampMemberEnd());
  }

  private static boolean hasType(String log) {
    return scanned(log).hasType();
  }

  private static LogScanner scanned(String log) {
    LogScanner scanner = new LogScanner(MAX);
    byte[] bytes = log.getBytes(ISO_8859_1);
    scanner.reset(bytes, 0, bytes.length);
    assertThat(scanner.next()).isEqualTo(LOG);
    return scanner;
  }

  /** One byte per char where that can be. */
  private static byte[] encoded(String text) {
    return text.chars().allMatch(c -> c < 256) ? text.getBytes(ISO_8859_1) : bytes(text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
