package io.logarchive.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTimeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00Z",
    "1634437185, 2021-10-17T02:19:45Z",
    "1634437185.000000000, 2021-10-17T02:19:45Z",
    "1634437185.123456789, 2021-10-17T02:19:45.123Z",
    "1634437185123, 2021-10-17T02:19:45.123Z",
    "1634437185123.9, 2021-10-17T02:19:45.123Z",
    "1.634437185e9, 2021-10-17T02:19:45Z",
    "99999999999, 5138-11-16T09:46:39Z",
    "100000000000, 1973-03-03T09:46:40Z",
  })
  void secondsAndMillisecondsAreTold(String sent, Instant instant) {
    RequestTime time = RequestTime.of(body(sent), "startTime");
    assertThat(time.instant()).isEqualTo(instant);
    assertThat(time.text()).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e99", "1e999999999", "\"1634437185\"", "null", "true"})
  void everythingElseNamesTheField(String sent) {
    assertThatThrownBy(() -> RequestTime.of(body(sent), "startTime"))
        .hasMessageStartingWith("startTime ");
  }

  private static Fields body(String value) {
    return Fields.of(
        Json.object(("{\"startTime\":" + value + "}").getBytes(StandardCharsets.UTF_8)));
  }
}
