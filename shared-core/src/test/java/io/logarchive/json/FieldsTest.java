package io.logarchive.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  private final Fields fields =
      Fields.of(
          Json.object(
              "{\"text\":\"a\",\"blank\":\" \",\"none\":null,\"n\":3,\"inner\":{\"deep\":7},\"ids\":[1,2]}"
                  .getBytes(StandardCharsets.UTF_8)));

  @Test
  void membersAreFoundByNameAndType() {
    assertThat(fields.text("text")).contains("a");
    assertThat(fields.integer("n", 1, 30)).contains(3);
    assertThat(fields.integers("ids").orElseThrow()).containsExactly(1, 2);
    assertThat(fields.requiredObject("inner").number("deep")).isPresent();
  }

  @Test
  void nullIsAbsent() {
    assertThat(fields.text("none")).isEmpty();
    assertThat(fields.has("none")).isFalse();
  }

  @Test
  void aWrongTypeIsRefusedByThePath() {
    assertThatThrownBy(() -> fields.requiredObject("inner").text("deep"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage("inner.deep must be a string, not a number");
  }

  @Test
  void aNameIsForPeopleToRead() {
    Fields fields =
        Fields.of(
            Json.object(
                "{\"name\":\" Jörg's shop \",\"nul\":\"a\\u0000b\",\"line\":\"a\\nb\",\"c1\":\"a\\u0085b\"}"
                    .getBytes(StandardCharsets.UTF_8)));

    assertThat(fields.requiredName("name")).isEqualTo("Jörg's shop");
    for (String name : List.of("nul", "line", "c1")) {
      assertThatThrownBy(() -> fields.requiredName(name))
          .hasMessage(name + " must hold no control characters");
    }
    assertThatThrownBy(() -> fields.requiredName("absent")).hasMessage("absent is required");
  }

  @Test
  void aRequiredTextMayNotBeBlank() {
    assertThatThrownBy(() -> fields.requiredText("blank")).hasMessage("blank is required");
    assertThatThrownBy(() -> fields.requiredText("absent")).hasMessage("absent is required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "31", "1.5", "1e999999999", "-1e999999999", "99999999999999999999"})
  void anIntegerOutOfItsBoundsIsRefused(String number) {
    assertThatThrownBy(() -> of("n", number).integer("n", 1, 30))
        .hasMessageContaining("whole number from 1 to 30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "-2147483649", "1.0", "1e3", "\"1\"", "null"})
  void whatIsNo32BitNumberIsRefusedInAList(String number) {
    assertThatThrownBy(() -> of("ids", "[" + number + "]").integers("ids"))
        .hasMessage("ids must hold 32-bit whole numbers only");
  }

  @Test
  void all32BitNumbersAreTaken() {
    assertThat(of("ids", "[2147483647,-2147483648]").integers("ids").orElseThrow())
        .containsExactly(Integer.MAX_VALUE, Integer.MIN_VALUE);
  }

  private static Fields of(String name, String value) {
    return Fields.of(
        Json.object(("{\"" + name + "\":" + value + "}").getBytes(StandardCharsets.UTF_8)));
  }
}
