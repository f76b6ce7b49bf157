package io.logarchive.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.RestoredAccounts.SearchOutcome;
import io.logarchive.restore.RestoredLog;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.Together;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of logs of every kind in an index of the real engine: none is lost. */
@ExtendWith(OpenSearchNode.class)
class RestoredLogsTest {
  private static final int MANY_BYTES = 50_000_000;

  private final OpenSearchRestoredAccounts accounts;

  RestoredLogsTest(OpenSearchConfig config) {
    this.accounts = new OpenSearchRestoredAccounts(config);
  }

  @Test
  void fieldsOfDifferentKindsGoTogether() {
    assertAllKept(
        0,
        "{\"id\":\"x\"}",
        "{\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":53}",
        "{\"id\":{\"orig_h\":\"10.0.0.2\",\"deep\":{\"er\":[{\"a\":1},{\"a\":2}]}}}",
        "{\"n\":0}",
        "{\"n\":0.25}",
        "{\"n\":\"a word\"}",
        "{\"n\":{\"inner\":true}}",
        "{\"b\":true}",
        "{\"b\":\"timeout\"}",
        "{\"b\":5}",
        "{\"big\":123456789012345678901234567890,\"huge\":1e400,\"tiny\":1e-400}",
        "{\"a\":null,\"b2\":[],\"c\":{},\"d\":[[1,2],[3]],\"e\":[null]}",
        "{\"_type\":\"x\",\"_size\":1,\"_anything\":{\"_id\":\"y\"}}",
        "{\" \":1,\"#,/\\\\ \\\"<>|?\":2,\"*\":3,\"a*b.c\":4,\"\\u0000\":5}",
        "{\"when\":\"2018-03-24T17:15:20Z\"}",
        "{\"when\":\"not a time\"}");
  }

  @Test
  void logsThatTheIndexRefusesAreKeptAsTheirLines() {
    String manyFields =
        IntStream.range(0, 2_100)
            .mapToObj(number -> "\"field" + number + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    assertAllKept(
        17,
        "{\"mixed\":[1,\"x\",{\"y\":1}]}",
        "{\"\":1}",
        "{\".\":1}",
        "{\"a..b\":1}",
        "{\".a\":1}",
        "{\"_id\":\"x\"}",
        "{\"_source\":1}",
        "{\"_index\":\"another\"}",
        "{\"_routing\":\"x\"}",
        "{\"_raw\":\"mine\"}",
        "{\"_text\":{\"x\":1}}",
        "{\"_conflict\":{\"x\":1},\"_conflict\":1}",
        "{\"twice\":1,\"twice\":2}",
        "{\"@timestamp\":\"2018-03-24T17:15:20Z\",\"a\":1,\"@timestamp\":5}",
        "{\"arrays\":" + "[".repeat(400) + "]".repeat(400) + "}",
        "{\"" + "k".repeat(2_000) + "\":1}",
        manyFields);
  }

  @Test
  void linesThatAreNoObjectsAreKept() {
    assertAllKept(
        6, "plain text", "[1]", "{\"a\":", "{\"a\":1} {\"b\":2}", "{\"a\":1/*x*/}", "{\"a\":NaN}");
  }

  @Test
  void longLogsAreKept() {
    assertAllKept(
        0,
        "{\"a\":\"" + "x".repeat(900_000) + "\"}",
        "{\"a\":\"" + "€".repeat(8_191) + "\"}",
        "{\"a\":\"" + "😀".repeat(8_192) + "\"}",
        "{\"n\":" + "1".repeat(900) + "}",
        "{\"x\":{\"y\":".repeat(100) + "1" + "}}".repeat(100));
  }

  @Test
  void halvesOfCharactersAndNullsAreKept() {
    assertAllKept(
        1,
        "{\"s\":\"a\\ud800b\",\"t\":\"\\udc00\\ud800\",\"u\":\"\\u0000\"}",
        "{\"s\\ud800\":\"half a name\"}");
  }

  @Test
  void bytesThatAreNotUtf8AreKeptAsReplacements() {
    byte[] line = "{\"s\":\"a?b\",\"?\":\"word\"}".getBytes(StandardCharsets.UTF_8);
    line[7] = (byte) 0xff;
    line[12] = (byte) 0xc3;
    Uid uid = created();
    assertThat(accounts.sink(uid).write(List.of(Lines.log(0, line)))).isZero();
    assertThat(accounts.refresh(uid)).isOne();
    assertThat(rawLines(uid))
        .containsExactly(Map.entry(0, "{\"s\":\"a\ufffdb\",\"\ufffd\":\"word\"}"));
    assertThat(ids(uid, "{\"match\":{\"_text\":\"word\"}}")).containsExactly(0);
  }

  @Test
  void wildLogsAreAllKeptAndAllShown() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<RestoredLog> logs = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      String line = wildObject(random, 3);
      lines.add(line);
      logs.add(Lines.log(i, line));
    }
    Uid uid = created();
    Together.run(3, part -> accounts.sink(uid).write(logs.subList(part * 200, (part + 1) * 200)));
    assertThat(accounts.refresh(uid)).as("seed %s", seed).isEqualTo(600);
    Map<Integer, String> raw = rawLines(uid);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(raw.get(i)).as("seed %s", seed).isEqualTo(lines.get(i).strip());
    }
    assertThat(hits(uid, "{\"size\":1000,\"_source\":{\"excludes\":[\"_raw\",\"_text\"]}}"))
        .as("seed %s", seed)
        .hasSize(600);
  }

  @Test
  void freeTextFindsTheWordsInAllValues() {
    List<String> lines =
        List.of(
            "{\"message\":\"hello\\nworld\",\"level\":\"INFO\"}",
            "{\"message\":\"Gr\\u00fc\\u00dfe aus Köln\",\"o\":{\"inner\":[\"deep words\",{\"x\":4711}]}}",
            "{\"path\":\"C:\\\\temp\\\\new\",\"url\":\"http:\\/\\/example.com\\/a\"}",
            "{\"status\":503,\"ratio\":1.75,\"ok\":false}",
            "{\"mixed\":[1,\"conflicting\\tword\",{\"y\":\"as well\"}]}",
            "plain line",
            "{\"long\":\"" + "x ".repeat(10_000) + "needle\"}");
    Uid uid = created();
    accounts.sink(uid).write(numbered(lines));
    accounts.refresh(uid);
    Map<String, List<Integer>> found = new TreeMap<>();
    for (String word :
        List.of(
            "world",
            "hello",
            "info",
            "Grüße",
            "köln",
            "deep",
            "4711",
            "temp",
            "new",
            "example.com",
            "503",
            "1.75",
            "false",
            "conflicting",
            "well",
            "plain",
            "needle",
            "message",
            "status")) {
      found.put(word, ids(uid, "{\"match\":{\"_text\":\"" + word + "\"}}"));
    }
    assertThat(found)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("world", List.of(0)),
                Map.entry("hello", List.of(0)),
                Map.entry("info", List.of(0)),
                Map.entry("Grüße", List.of(1)),
                Map.entry("köln", List.of(1)),
                Map.entry("deep", List.of(1)),
                Map.entry("4711", List.of(1)),
                Map.entry("temp", List.of(2)),
                Map.entry("new", List.of(2)),
                Map.entry("example.com", List.of(2)),
                Map.entry("503", List.of(3)),
                Map.entry("1.75", List.of(3)),
                Map.entry("false", List.of(3)),
                Map.entry("conflicting", List.of(4)),
                Map.entry("well", List.of(4)),
                Map.entry("plain", List.of(5)),
                Map.entry("needle", List.of(6)),
                Map.entry("message", List.of()),
                Map.entry("status", List.of())));
    assertThat(ids(uid, "{\"simple_query_string\":{\"query\":\"hello + world\"}}"))
        .containsExactly(0);
  }

  @Test
  void fieldsAreFoundByTheirValues() {
    Uid uid = created();
    accounts
        .sink(uid)
        .write(
            numbered(
                List.of(
                    "{\"id\":\"x\",\"v\":0}",
                    "{\"id.host\":\"10.0.0.1\",\"v\":0.25}",
                    "{\"id\":{\"host\":\"10.0.0.2\"},\"v\":12,\"ok\":true}",
                    "{\"ok\":\"maybe\",\"v\":\"twelve\"}")));
    accounts.refresh(uid);
    assertThat(ids(uid, "{\"term\":{\"id\":\"x\"}}")).containsExactly(0);
    assertThat(ids(uid, "{\"term\":{\"id.host\":\"10.0.0.1\"}}")).containsExactly(1);
    assertThat(ids(uid, "{\"prefix\":{\"id.host\":\"10.\"}}")).containsExactly(1, 2);
    assertThat(ids(uid, "{\"range\":{\"v\":{\"gt\":0,\"lt\":1}}}")).containsExactly(1);
    assertThat(ids(uid, "{\"term\":{\"ok\":true}}")).containsExactly(2);
    assertThat(ids(uid, "{\"exists\":{\"field\":\"v\"}}")).containsExactly(0, 1, 2);
  }

  @Test
  void aLogsTimeOrdersItAndDrawsIt() {
    Uid uid = created();
    byte[] line = "{\"@timestamp\":\"never\",\"a\":1}".getBytes(StandardCharsets.UTF_8);
    List<Long> minutes = List.of(3L, 0L, 2L, 0L);
    List<RestoredLog> logs = new ArrayList<>();
    for (int i = 0; i < minutes.size(); i++) {
      logs.add(Lines.log(i, line, 1_763_830_800_000L + minutes.get(i) * 60_000 + i));
    }
    assertThat(accounts.sink(uid).write(logs)).isZero();
    accounts.refresh(uid);
    List<JsonObject> hits =
        hits(uid, "{\"sort\":[{\"@timestamp\":\"desc\"}],\"_source\":[\"@timestamp\"]}");
    assertThat(hits.stream().map(hit -> Json.text(hit.members().getOrDefault("_source", hit))))
        .containsExactly(
            "{\"@timestamp\":\"2025-11-22T17:03:00.000Z\"}",
            "{\"@timestamp\":\"2025-11-22T17:02:00.002Z\"}",
            "{\"@timestamp\":\"2025-11-22T17:00:00.003Z\"}",
            "{\"@timestamp\":\"2025-11-22T17:00:00.001Z\"}");
    JsonObject reply =
        found(
                uid,
                "{\"size\":0,\"aggs\":{\"m\":{\"date_histogram\":"
                    + "{\"field\":\"@timestamp\",\"fixed_interval\":\"1m\",\"min_doc_count\":1}}}}")
            .reply();
    assertThat(Json.text(reply))
        .contains(
            "{\"key_as_string\":\"2025-11-22T17:00:00.000Z\",\"key\":1763830800000,\"doc_count\":2}");
    for (String time :
        List.of("2025-11-22T17:02:00Z", "2025-11-22T17:02:00.001Z", "1763830920001")) {
      assertThat(ids(uid, "{\"range\":{\"@timestamp\":{\"gte\":\"" + time + "\"}}}"))
          .as(time)
          .containsExactly(0, 2);
    }
  }

  @Test
  void anAccountIsSearchedWhileItFills() throws InterruptedException {
    Uid uid = created();
    accounts.sink(uid).write(Samples.logs(0, 50));
    for (int tries = 0; hits(uid, "{\"size\":100}").size() < 50; tries++) {
      assertThat(tries).isLessThan(100);
      Thread.sleep(100);
    }
  }

  @Test
  void aLateBulkMeetsNoIndexAndMakesNone() {
    Uid uid = created();
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int from = i * 1_000;
      writers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int at = from; at < from + 1_000; at += 20) {
                        accounts.sink(uid).write(Samples.logs(at, at + 20));
                      }
                    } catch (ServiceException.NotFound e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    accounts.delete(uid);
    for (Thread writer : writers) {
      joined(writer);
    }
    assertThat(accounts.list()).doesNotContainKey(uid);
  }

  private static void joined(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void assertAllKept(int conflicts, String... lines) {
    Uid uid = created();
    assertThat(accounts.sink(uid).write(numbered(Arrays.asList(lines)))).isEqualTo(conflicts);
    assertThat(accounts.refresh(uid)).isEqualTo(lines.length);
    Map<Integer, String> raw = rawLines(uid);
    for (int i = 0; i < lines.length; i++) {
      assertThat(raw.get(i)).isEqualTo(lines[i]);
    }
    assertThat(hits(uid, "{\"size\":1000,\"_source\":{\"excludes\":[\"_raw\"]}}"))
        .hasSize(lines.length);
    assertThat(hits(uid, "{\"size\":1000,\"query\":{\"exists\":{\"field\":\"_conflict\"}}}"))
        .hasSize(conflicts);
  }

  private Uid created() {
    Uid uid = Samples.uid();
    accounts.create(uid, 1);
    return uid;
  }

  private static List<RestoredLog> numbered(List<String> lines) {
    return IntStream.range(0, lines.size())
        .mapToObj(number -> Lines.log(number, lines.get(number)))
        .toList();
  }

  private Map<Integer, String> rawLines(Uid uid) {
    Map<Integer, String> lines = new TreeMap<>();
    for (JsonObject hit : hits(uid, "{\"size\":1000,\"_source\":[\"_raw\"]}")) {
      lines.put(
          number(hit), Fields.of(hit).requiredObject("_source").text("_raw").orElse("nothing"));
    }
    return lines;
  }

  private List<Integer> ids(Uid uid, String query) {
    return hits(uid, "{\"query\":" + query + "}").stream()
        .map(RestoredLogsTest::number)
        .sorted()
        .toList();
  }

  private static int number(JsonObject hit) {
    return Integer.parseInt(Fields.of(hit).requiredText("_id"), 16);
  }

  private List<JsonObject> hits(Uid uid, String body) {
    SearchOutcome.Found found = found(uid, body);
    assertThat(found.cut()).isFalse();
    return Fields.of(found.reply()).requiredObject("hits").array("hits").orElse(List.of()).stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private SearchOutcome.Found found(Uid uid, String body) {
    JsonObject json = Json.object(body.getBytes(StandardCharsets.UTF_8));
    SearchOutcome outcome = accounts.search(List.of(uid), json, MANY_BYTES);
    assertThat(outcome).isInstanceOf(SearchOutcome.Found.class);
    return (SearchOutcome.Found) outcome;
  }

  private static String wildObject(Random random, int depth) {
    return IntStream.range(0, random.nextInt(5))
        .mapToObj(i -> wildString(random, 3) + ":" + wildValue(random, depth))
        .collect(Collectors.joining(random.nextBoolean() ? "," : " ,\t", "{", "}"));
  }

  private static String wildValue(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> Integer.toString(random.nextInt());
      case 1 ->
          List.of("0", "-0.0", "1e999", "-1.5E-7", "9".repeat(random.nextInt(900) + 1))
              .get(random.nextInt(5));
      case 2 -> List.of("true", "false", "null").get(random.nextInt(3));
      case 3, 4 -> wildString(random, 30);
      case 5 -> wildObject(random, depth - 1);
      default ->
          IntStream.range(0, random.nextInt(4))
              .mapToObj(i -> wildValue(random, depth - 1))
              .collect(Collectors.joining(",", "[", "]"));
    };
  }

  private static String wildString(Random random, int longest) {
    List<String> pieces =
        List.of(
            "a",
            "b",
            "id",
            ".",
            "_",
            "_id",
            "@timestamp",
            " ",
            "*",
            "ü",
            "😀",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u0000",
            "\\ud800",
            "\\udc00",
            "\\u00e9",
            "\u2028",
            "type",
            "0");
    return random
        .ints(random.nextInt(longest + 1), 0, pieces.size())
        .mapToObj(pieces::get)
        .collect(Collectors.joining("", "\"", "\""));
  }
}
