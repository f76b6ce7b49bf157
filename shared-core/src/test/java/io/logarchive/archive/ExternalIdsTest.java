package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Uid;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ExternalIdsTest {
  private static final Uid ACCOUNT = new Uid("0123456789abcdef0123456789abcdef");

  @Test
  void anAccountHasOneThatOnlyItsDeploymentCanWorkOut() {
    ExternalIds ids = ids(1);

    assertThat(ids.of(ACCOUNT))
        .matches("logarchive-[0-9a-f]{32}")
        .isEqualTo(ids(1).of(ACCOUNT))
        .isNotEqualTo(ids.of(new Uid("f".repeat(32))))
        .isNotEqualTo(ids(2).of(ACCOUNT))
        .doesNotContain(ACCOUNT.value());
  }

  private static ExternalIds ids(int key) {
    byte[] bytes = new byte[DeploymentKey.KEY_BYTES];
    bytes[0] = (byte) key;
    return new ExternalIds(new DeploymentKey(bytes, new SecureRandom()));
  }
}
