package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.SecretSealer.SealContext;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeploymentKeyTest {
  private static final Uid ACCOUNT = new Uid("0123456789abcdef0123456789abcdef");
  private static final SealContext CONTEXT = new SealContext(ACCOUNT, 1_000_001);
  private static final Secret SECRET = new Secret("wJalr/ü+bPx");

  private final SecureRandom random = new SecureRandom();
  private final DeploymentKey key = key(1);

  @Test
  void whatIsSealedOpensAgain() {
    assertThat(key.open(CONTEXT, key.seal(CONTEXT, SECRET))).isEqualTo(SECRET);
  }

  @Test
  void theSameSecretIsSealedDifferentlyEachTimeAndNeverShows() {
    SealedSecret first = key.seal(CONTEXT, SECRET);
    assertThat(first.bytes()).isNotEqualTo(key.seal(CONTEXT, SECRET).bytes());
    assertThat(new String(first.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("wJalr");
    assertThat(first.toString() + SECRET).doesNotContain("wJalr");
  }

  @Test
  void anotherContextDoesNotOpenIt() {
    SealedSecret sealed = key.seal(CONTEXT, SECRET);
    assertThatThrownBy(() -> key.open(new SealContext(ACCOUNT, 1_000_002), sealed))
        .isInstanceOf(ServiceException.Denied.class);
    Uid other = new Uid("ffffffffffffffffffffffffffffffff");
    assertThatThrownBy(() -> key.open(new SealContext(other, 1_000_001), sealed))
        .isInstanceOf(ServiceException.Denied.class);
  }

  @Test
  void anotherKeyDoesNotOpenIt() {
    SealedSecret sealed = key.seal(CONTEXT, SECRET);
    assertThatThrownBy(() -> key(2).open(CONTEXT, sealed))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("SealedByAnotherKey");
  }

  @Test
  void aChangedSealDoesNotOpen() {
    SealedSecret sealed = key.seal(CONTEXT, SECRET);
    for (int i = 0; i < sealed.bytes().length; i++) {
      byte[] changed = sealed.bytes().clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> key.open(CONTEXT, new SealedSecret(sealed.keyId(), changed)))
          .isInstanceOf(ServiceException.Denied.class);
    }
  }

  @Test
  void aSealThatIsCutShortDoesNotOpen() {
    SealedSecret sealed = key.seal(CONTEXT, SECRET);
    for (int length = 0; length < sealed.bytes().length; length++) {
      byte[] cut = Arrays.copyOf(sealed.bytes(), length);
      assertThatThrownBy(() -> key.open(CONTEXT, new SealedSecret(sealed.keyId(), cut)))
          .isInstanceOf(ServiceException.Denied.class);
    }
  }

  @Test
  void aSealTravelsAsText() {
    SealedSecret sealed = key.seal(CONTEXT, SECRET);
    assertThat(SealedSecret.of(sealed.keyId(), sealed.base64())).isEqualTo(sealed);
  }

  @Test
  void onlyTheSameKeyMakesTheSameSignature() {
    byte[] message = "proof".getBytes(StandardCharsets.UTF_8);
    assertThat(key.sign(message)).hasSize(32).isEqualTo(key(1).sign(message));
    assertThat(key.sign(message)).isNotEqualTo(key(2).sign(message));
  }

  private DeploymentKey key(int fill) {
    byte[] bytes = new byte[DeploymentKey.KEY_BYTES];
    Arrays.fill(bytes, (byte) fill);
    return new DeploymentKey(bytes, random);
  }
}
