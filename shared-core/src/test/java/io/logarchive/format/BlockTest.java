package io.logarchive.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockTest {
  private static final Block ONE = new Block("one".getBytes(UTF_8), 10, 1, 5, 5);
  private static final Block TWO = new Block("two".getBytes(UTF_8), 20, 2, 3, 9);

  @Test
  void theBatchIsNamedByItsAccountAndItsBlocksInOrder() throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update("the account".getBytes(UTF_8));
    sha256.update(MessageDigest.getInstance("SHA-256").digest("one".getBytes(UTF_8)));
    sha256.update(MessageDigest.getInstance("SHA-256").digest("two".getBytes(UTF_8)));
    String expected = HexFormat.of().formatHex(sha256.digest()).substring(0, 32);

    assertThat(Block.batchId("the account", List.of(ONE, TWO))).isEqualTo(expected);
    assertThat(Block.batchId("the account", List.of(TWO, ONE))).isNotEqualTo(expected);
    assertThat(Block.batchId("another", List.of(ONE, TWO))).isNotEqualTo(expected);
    assertThat(Block.batchId("the account", List.of(ONE))).isNotEqualTo(expected);
  }

  @Test
  void theHashIsThatOfTheStoredBytes() {
    assertThat(HexFormat.of().formatHex(ONE.sha256()))
        .isEqualTo("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
  }

  @Test
  void aBlockOverTheLimitsIsABug() {
    byte[] largest = new byte[Block.MAX_STORED];
    assertThat(new Block(largest, Block.MAX_RAW, 1, 0, 0).stored()).isSameAs(largest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Block(new byte[Block.MAX_STORED + 1], 1, 1, 0, 0))
        .withMessageContaining("786433");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Block(new byte[1], Block.MAX_RAW + 1, 1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Block(new byte[1], 1, 0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Block(new byte[1], 1, 1, 1, 0));
  }
}
