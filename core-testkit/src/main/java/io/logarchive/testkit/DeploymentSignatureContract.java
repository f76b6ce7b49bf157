package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.archive.DeploymentSignature;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What every deployment's signature promises. */
public interface DeploymentSignatureContract {

  /** A new one, as another process has it; all have one key. */
  DeploymentSignature signature();

  /** One that has another key. */
  DeploymentSignature anothers();

  @Test
  default void onlyTheSameKeyMakesTheSameSignature() {
    for (String text : new String[] {"", "proof", "p".repeat(4_096)}) {
      byte[] message = text.getBytes(StandardCharsets.UTF_8);
      byte[] signed = signature().sign(message);
      assertThat(signed).hasSize(32).isEqualTo(signature().sign(message));
      assertThat(signed).isNotEqualTo(anothers().sign(message));
    }
  }

  @Test
  default void anotherMessageHasAnotherSignature() {
    DeploymentSignature signature = signature();
    assertThat(signature.sign("proof".getBytes(StandardCharsets.UTF_8)))
        .isNotEqualTo(signature.sign("Proof".getBytes(StandardCharsets.UTF_8)));
  }
}
