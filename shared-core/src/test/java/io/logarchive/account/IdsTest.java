package io.logarchive.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {
  private final Ids ids = new Ids(new SecureRandom());

  @Test
  void idsAreFromAMillionUp() {
    assertThat(IntStream.range(0, 10_000).map(i -> ids.id())).allMatch(id -> id >= 1_000_000);
  }

  @Test
  void uidsAndTokensAreNeverTheSame() {
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> ids.uid())).doesNotHaveDuplicates();
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> ids.token(Token.Kind.API)))
        .doesNotHaveDuplicates();
  }

  @Test
  void aTokenHas256BitsBehindItsKindAndPrintsAsStars() {
    Token token = ids.token(Token.Kind.SHIPPING);
    assertThat(token.value()).startsWith("la_ship_").hasSize("la_ship_".length() + 43);
    assertThat(token).hasToString("*****");
    assertThat(token.hash()).hasSize(64);
  }

  @Test
  void aTokensHashIsItsSha256() {
    assertThat(new Token("abc").hash())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void aUidIs32HexDigits() {
    assertThatThrownBy(() -> new Uid("ABCDEF89abcdef0123456789abcdef01"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Uid("0123")).hasMessageContaining("0123");
  }
}
