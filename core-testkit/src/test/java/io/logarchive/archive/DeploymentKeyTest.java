package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.testkit.DeploymentSignatureContract;
import io.logarchive.testkit.SecretSealerContract;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class DeploymentKeyTest implements SecretSealerContract, DeploymentSignatureContract {
  private final SecureRandom random = new SecureRandom();

  @Override
  public SecretSealer sealer() {
    return key(1);
  }

  @Override
  public SecretSealer another() {
    return key(2);
  }

  @Override
  public DeploymentSignature signature() {
    return key(1);
  }

  @Override
  public DeploymentSignature anothers() {
    return key(2);
  }

  @Test
  void aKeyOfAnotherLengthIsNone() {
    assertThatThrownBy(() -> new DeploymentKey(new byte[16], random))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bytes, not 16");
  }

  private DeploymentKey key(int fill) {
    byte[] bytes = new byte[DeploymentKey.KEY_BYTES];
    Arrays.fill(bytes, (byte) fill);
    return new DeploymentKey(bytes, random);
  }
}
