package io.logarchive.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LogIdTest {
  private final LogId ids = new LogId();

  @Property
  void anIdIsTheStartOfAHashOverBlockAndOffset(@ForAll @Size(32) byte[] source, @ForAll long offset)
      throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(source);
    byte[] hash = sha256.digest(ByteBuffer.allocate(8).putLong(offset).array());
    String expected =
        Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));

    assertThat(ids.of(source, offset)).isEqualTo(expected).hasSize(LogId.LENGTH);
    assertThat(ids.of(source, offset)).isEqualTo(expected);
  }

  @Test
  void otherSourcesThanHashesAreABug() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ids.of(new byte[31], 0))
        .withMessageContaining("31");
  }
}
