package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoNumbersTest {

  @Test
  void onlyFourEqualNumbersAgree() {
    assertThat(new DemoNumbers(2, 2, 2, 2).agree()).isTrue();
    assertThat(new DemoNumbers(3, 2, 2, 2).agree()).isFalse();
    assertThat(new DemoNumbers(2, 3, 2, 2).agree()).isFalse();
    assertThat(new DemoNumbers(2, 2, 3, 2).agree()).isFalse();
    assertThat(new DemoNumbers(2, 2, 2, 3))
        .hasToString("THE NUMBERS DO NOT AGREE: sent 2, archived 2, restored 2, found 3");
  }
}
