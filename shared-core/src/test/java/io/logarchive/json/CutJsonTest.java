package io.logarchive.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutJsonTest {
  private static final List<String> PATH = List.of("hits", "hits");

  @Test
  void elementsBehindTheMostBytesAreLeftOutAndTheRestIsRead() throws IOException {
    String reply =
        "{\"took\":1,\"hits\":{\"total\":4,\"hits\":[{\"a\":1},{\"a\":2},{\"a\":3},4]},\"b\":2}";
    CutJson read = read(reply, 16);
    assertThat(read.cut()).isTrue();
    assertThat(Json.text(read.object()))
        .isEqualTo("{\"took\":1,\"hits\":{\"total\":4,\"hits\":[{\"a\":1},{\"a\":2}]},\"b\":2}");
  }

  @Test
  void whatFitsIsReadWhole() throws IOException {
    String reply = "{\"hits\":{\"hits\":[{\"a\":1},[2]],\"x\":{\"hits\":[1,2,3]}},\"hits2\":[1]}";
    CutJson read = read(reply, 12);
    assertThat(read.cut()).isFalse();
    assertThat(Json.text(read.object())).isEqualTo(reply);
  }

  @Test
  void aReplyWithoutTheArrayIsReadWhole() throws IOException {
    for (String reply :
        List.of("{}", "{\"hits\":1}", "{\"hits\":[1,2]}", "{\"hits\":{\"hits\":{}}}")) {
      CutJson read = read(reply, 0);
      assertThat(read.cut()).isFalse();
      assertThat(Json.text(read.object())).isEqualTo(reply);
    }
  }

  @Test
  void whatUsersOnceLoggedIsRead() throws IOException {
    String deep = "[".repeat(300) + "]".repeat(300);
    String reply =
        "{\"hits\":{\"hits\":[{\"n\":"
            + "1".repeat(1_000)
            + ",\"deep\":"
            + deep
            + ",\""
            + "k".repeat(60_000)
            + "\":\"\\uD800\"}]}}";
    assertThat(Json.text(read(reply, 1_000_000).object())).isEqualTo(reply);
  }

  @Test
  void noMoreOfTheArrayThanAskedForIsHeld() throws IOException {
    int most = 100_000;
    byte[] hit = "{\"text\":\"some words\"},".getBytes(StandardCharsets.UTF_8);
    int hits = 2_000_000;
    InputStream endless =
        new InputStream() {
          private long at;

          @Override
          public int read() {
            return at == (long) hits * hit.length ? -1 : hit[(int) (at++ % hit.length)];
          }

          @Override
          public int read(byte[] into, int from, int length) {
            int count = 0;
            while (count < length && at < (long) hits * hit.length) {
              into[from + count++] = hit[(int) (at++ % hit.length)];
            }
            return count == 0 ? -1 : count;
          }
        };
    CutJson read =
        CutJson.read(
            new SequenceInputStream(
                stream("{\"hits\":{\"hits\":["),
                new SequenceInputStream(endless, stream("0]},\"took\":7}"))),
            PATH,
            most);
    assertThat(read.cut()).isTrue();
    assertThat(read.object().members()).containsEntry("took", new JsonValue.Num("7"));
    assertThat(Json.write(read.object()).length).isBetween(most - 100, most + 100);
  }

  @Test
  void whatStandsBesideTheArrayIsBoundedToo() throws IOException {
    String little = "\"x\":\"" + "y".repeat(10_000) + "\"";
    String much = "\"x\":\"" + "y".repeat(40_000) + "\"";
    for (String reply : List.of("{%s,\"hits\":{\"hits\":[1]}}", "{\"hits\":{\"hits\":[1]},%s}")) {
      assertThat(read(reply.formatted(little), 20_000).cut()).isFalse();
      assertThatThrownBy(() -> read(reply.formatted(much), 20_000))
          .isInstanceOf(CutJson.TooLongException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{", "{\"hits\":{\"hits\":[1", "{\"a\":nul}"})
  void anythingElseIsMalformed(String reply) {
    assertThatThrownBy(() -> read(reply, 100)).isInstanceOf(MalformedJsonException.class);
  }

  private static CutJson read(String reply, int mostBytes) throws IOException {
    return CutJson.read(stream(reply), PATH, mostBytes);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
