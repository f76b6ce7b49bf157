package io.logarchive.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoredLog;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkBodyTest {
  private static final String START =
      "{\"index\":{\"_id\":\"00000000000000000000000000000007\"}}\n"
          + "{\"@timestamp\":\"2025-11-22T17:00:00.123Z\",\"_tiebreak\":2181618535615458,\"_raw\":\"";

  @Test
  void aLogIsItsOwnMembersBehindItsTimeItsLineAndItsText() {
    assertThat(added("{\"b\": \"x\", \"n\":1.50}"))
        .isEqualTo(
            START
                + "{\\\"b\\\": \\\"x\\\", \\\"n\\\":1.50}\",\"_text\":\"x 1.50 \",\"b\": \"x\", \"n\":1.50}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"@timestamp\":\"t\",\"a\":1}|\"a\":1",
        "{\"a\":1,\"@timestamp\":\"t\"}|\"a\":1",
        "{\"a\":1,\"@timestamp\":1,\"b\":2}|\"a\":1,\"b\":2",
        "{ \"@timestamp\" : \"t\" , \"a\":1 }|\"a\":1",
        "{\"a\":{\"@timestamp\":1},\"@timestamp\":2}|\"a\":{\"@timestamp\":1}",
      })
  void itsOwnTimestampGivesWayToTheTimeItGoesBy(String line, String members) {
    String document = added(line).lines().toList().get(1);
    assertThat(document.replace(" ", "")).endsWith(("\"," + members + "}").replace(" ", ""));
    assertThat(Json.object(document.getBytes(StandardCharsets.UTF_8)).members())
        .containsEntry("_raw", new JsonValue.Text(line));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{}", "{ }", "{\"@timestamp\":\"t\"}", "{ \"@timestamp\":5 }"})
  void aLogWithoutMembersOfItsOwnIsADocument(String line) {
    assertThat(document(added(line)).members())
        .containsOnlyKeys("@timestamp", "_tiebreak", "_raw", "_text");
  }

  @Test
  void theTextHoldsTheValuesAndNoNames() {
    String line =
        "{\"name\":\"hello\\nworld\",\"o\":{\"in\\\"ner\" : [\"a\\u00e4\\\\b\",-1.5e+3,true,null,[]]},"
            + "\"colon\":\"x:y\",\"\":\"{\\\"json\\\":1}\"}";
    assertThat(text(added(line)))
        .isEqualTo("hello\nworld aä\\b -1.5e+3 true null x:y {\"json\":1} ");
  }

  @Test
  void aLineWithoutFieldsHasItsLineItsTextAndTheReason() {
    BulkBody body = new BulkBody(0);
    body.addRaw(Lines.log(7, "{\"id\":\"a\\tb\"}"), "some_exception");
    assertThat(body.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            START
                + "{\\\"id\\\":\\\"a\\\\tb\\\"}\",\"_text\":\"a\\tb \",\"_conflict\":\"some_exception\"}\n");
  }

  @Test
  void aLineThatIsNoObjectIsItsOwnText() {
    BulkBody body = new BulkBody(0);
    RestoredLog log = Lines.log(7, "plain \"text\" with \\ and \u0001 and \t");
    body.addRaw(log, "not_a_json_object");
    JsonObject document = document(body.toString(StandardCharsets.UTF_8));
    assertThat(document.members())
        .containsEntry("_raw", new JsonValue.Text("plain \"text\" with \\ and \u0001 and"))
        .containsEntry("_text", new JsonValue.Text("plain \"text\" with \\ and \u0001 and"));
  }

  @Test
  void whatIsNotUtf8IsReplaced() {
    byte[] line =
        "{\"a?\":\"x??y\",\"@timestamp\":\"?\",\"b\":\"??\"}".getBytes(StandardCharsets.UTF_8);
    byte[] bad = {(byte) 0xff, (byte) 0xc3, (byte) 0xed, (byte) 0x80, (byte) 0xc0, (byte) 0xf8};
    for (int i = 0, next = 0; i < line.length; i++) {
      if (line[i] == '?') {
        line[i] = bad[next++];
      }
    }
    BulkBody body = new BulkBody(0);
    body.add(Lines.log(7, line));
    byte[] bytes = body.toByteArray();
    String text = new String(bytes, StandardCharsets.UTF_8);
    assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(bytes);
    JsonObject document = document(text);
    assertThat(document.members())
        .containsOnlyKeys("@timestamp", "_tiebreak", "_raw", "_text", "a\ufffd", "b");
    assertThat(text(text)).contains("\ufffd");
  }

  @Test
  void theLinesAroundItInTheBufferStayOut() {
    byte[] buffer = "{\"x\":1}\n{\"a\":1}\n{\"y\":1}".getBytes(StandardCharsets.UTF_8);
    BulkBody body = new BulkBody(0);
    body.add(new RestoredLog(Lines.id(7), buffer, 8, 15, Lines.TIME, -1, -1, true));
    assertThat(body.toString(StandardCharsets.UTF_8))
        .isEqualTo(START + "{\\\"a\\\":1}\",\"_text\":\"1 \",\"a\":1}\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00.000Z",
    "1, 1970-01-01T00:00:00.001Z",
    "253402300799999, 9999-12-31T23:59:59.999Z",
    "253402300800000, 9999-12-31T23:59:59.999Z",
    "-1, 1970-01-01T00:00:00.000Z",
  })
  void timesAreInMilliseconds(long time, String written) {
    BulkBody body = new BulkBody(0);
    body.add(Lines.log(7, "{}".getBytes(StandardCharsets.UTF_8), time));
    assertThat(document(body.toString(StandardCharsets.UTF_8)).members())
        .containsEntry("@timestamp", new JsonValue.Text(written));
  }

  private static String added(String line) {
    BulkBody body = new BulkBody(0);
    body.add(Lines.log(7, line));
    return body.toString(StandardCharsets.UTF_8);
  }

  private static JsonObject document(String body) {
    return Json.object(body.lines().toList().get(1).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String body) {
    return Fields.of(document(body)).text("_text").orElse("");
  }
}
