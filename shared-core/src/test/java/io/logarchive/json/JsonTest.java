package io.logarchive.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void whatIsReadIsWrittenTheSame() {
    String text =
        "{\"a\":[1,1634437185.000000000,-2e5,true,false,null,\"ü\\n\"],\"b\":{},\"c\":\"\"}";
    assertThat(Json.text(Json.value(bytes(text)))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1} {}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":\"\t\"}",
        "{\"a\":1,\"a\":2}",
        "[1]",
        "\"text\"",
        "nul",
      })
  void anythingButOneObjectIsRefused(String text) {
    assertThatThrownBy(() -> Json.object(bytes(text))).isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] bad = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
    assertThatThrownBy(() -> Json.object(bad)).isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void aNumberBeyondAllBoundsIsTheBodysFault() {
    for (String number : List.of("1e99999999999", "-1e99999999999", "1e-99999999999")) {
      JsonValue.Num read = (JsonValue.Num) Json.value(bytes(number));
      assertThat(read.text()).isEqualTo(number);
      assertThatThrownBy(read::value).isInstanceOf(MalformedJsonException.class);
    }
  }

  @Test
  void sixtyFourLevelsAreReadAndOneMoreIsRefused() {
    assertThat(Json.value(bytes("[".repeat(64) + "]".repeat(64)))).isNotNull();
    assertThatThrownBy(() -> Json.value(bytes("[".repeat(65) + "]".repeat(65))))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("deeper than 64");
  }

  @Test
  void aRefusalSaysWhereButNotWhat() {
    assertThatThrownBy(() -> Json.object(bytes("{\"secretKey\": hunter2}")))
        .hasMessageContaining("line 1, column")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> Json.object(bytes("{\"hunter2\":1,\"hunter2\":2}")))
        .hasMessageContaining("a key occurs twice")
        .hasMessageNotContaining("hunter2");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
