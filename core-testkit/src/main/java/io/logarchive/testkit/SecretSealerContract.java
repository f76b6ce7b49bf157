package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.SecretSealer;
import io.logarchive.archive.SecretSealer.SealContext;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What every sealer of secrets promises. */
public interface SecretSealerContract {
  Uid ACCOUNT = new Uid("0123456789abcdef0123456789abcdef");
  SealContext CONTEXT = new SealContext(ACCOUNT, 1_000_001);
  Secret SECRET = new Secret("wJalr/ü+bPx");

  /** A new one, as another process has it; all have one key. */
  SecretSealer sealer();

  /** One that has another key. */
  SecretSealer another();

  @Test
  default void whatIsSealedOpensAgainHereAndElsewhere() {
    SecretSealer sealer = sealer();
    SealedSecret sealed = sealer.seal(CONTEXT, SECRET);
    assertThat(sealer.open(CONTEXT, sealed)).isEqualTo(SECRET);
    assertThat(sealer().open(CONTEXT, sealed)).isEqualTo(SECRET);
  }

  @Test
  default void longAndEmptySecretsAreSealedToo() {
    SecretSealer sealer = sealer();
    for (Secret secret : new Secret[] {new Secret(""), new Secret("k".repeat(4_000))}) {
      assertThat(sealer.open(CONTEXT, sealer.seal(CONTEXT, secret))).isEqualTo(secret);
    }
  }

  @Test
  default void theSameSecretIsSealedDifferentlyEachTimeAndNeverShows() {
    SecretSealer sealer = sealer();
    SealedSecret first = sealer.seal(CONTEXT, SECRET);
    assertThat(first.bytes()).isNotEqualTo(sealer.seal(CONTEXT, SECRET).bytes());
    assertThat(new String(first.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("wJalr");
    assertThat(first.toString() + SECRET).doesNotContain("wJalr");
  }

  @Test
  default void anotherContextDoesNotOpenIt() {
    SecretSealer sealer = sealer();
    SealedSecret sealed = sealer.seal(CONTEXT, SECRET);
    Uid other = new Uid("ffffffffffffffffffffffffffffffff");
    for (SealContext context :
        new SealContext[] {
          new SealContext(ACCOUNT, 1_000_002), new SealContext(other, 1_000_001)
        }) {
      assertDenied(sealer, context, sealed);
    }
  }

  @Test
  default void anotherKeyDoesNotOpenIt() {
    assertDenied(another(), CONTEXT, sealer().seal(CONTEXT, SECRET));
  }

  /** Not even where the seal is said to be that key's own. */
  @Test
  default void anotherKeyDoesNotOpenItUnderItsOwnName() {
    SealedSecret sealed = sealer().seal(CONTEXT, SECRET);
    SecretSealer another = another();
    String name = another.seal(CONTEXT, SECRET).keyId();
    assertDenied(another, CONTEXT, new SealedSecret(name, sealed.bytes()));
  }

  @Test
  default void aChangedSealDoesNotOpen() {
    SecretSealer sealer = sealer();
    SealedSecret sealed = sealer.seal(CONTEXT, SECRET);
    for (int i = 0; i < sealed.bytes().length; i++) {
      byte[] changed = sealed.bytes().clone();
      changed[i] ^= 1;
      assertDenied(sealer, CONTEXT, new SealedSecret(sealed.keyId(), changed));
    }
  }

  @Test
  default void aSealThatIsCutShortDoesNotOpen() {
    SecretSealer sealer = sealer();
    SealedSecret sealed = sealer.seal(CONTEXT, SECRET);
    for (int length = 0; length < sealed.bytes().length; length++) {
      byte[] cut = Arrays.copyOf(sealed.bytes(), length);
      assertDenied(sealer, CONTEXT, new SealedSecret(sealed.keyId(), cut));
    }
  }

  @Test
  default void aSealTravelsAsText() {
    SecretSealer sealer = sealer();
    SealedSecret sealed = sealer.seal(CONTEXT, SECRET);
    SealedSecret read = SealedSecret.of(sealed.keyId(), sealed.base64());
    assertThat(read).isEqualTo(sealed);
    assertThat(sealer.open(CONTEXT, read)).isEqualTo(SECRET);
  }

  private static void assertDenied(SecretSealer sealer, SealContext context, SealedSecret sealed) {
    assertThatThrownBy(() -> sealer.open(context, sealed))
        .isInstanceOf(ServiceException.Denied.class);
  }
}
