package io.logarchive.archive;

import io.logarchive.account.Secret;
import io.logarchive.archive.SecretSealer.SealContext;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets with AES-256-GCM: 12 random bytes, the text, a tag of 16 bytes. The context is the
 * associated data.
 */
public final class SecretCipher {
  public static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;

  /**
   * @param key {@value #KEY_BYTES} bytes
   */
  public SecretCipher(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "A key that seals must have " + KEY_BYTES + " bytes, not " + key.length);
    }
    this.key = new SecretKeySpec(key, "AES");
  }

  public byte[] seal(SealContext context, Secret secret, SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
      byte[] text = cipher.doFinal(secret.value().getBytes(StandardCharsets.UTF_8));
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + text.length);
      System.arraycopy(text, 0, sealed, NONCE_BYTES, text.length);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has AES-GCM", e);
    }
  }

  /**
   * The secret in the clear.
   *
   * @throws ServiceException.Denied if it was sealed with another key, for another context, or was
   *     changed since
   */
  public Secret open(SealContext context, byte[] sealed) {
    if (sealed.length < NONCE_BYTES) {
      throw broken(null);
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), context);
      byte[] text = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
      return new Secret(new String(text, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw broken(e);
    }
  }

  private static ServiceException broken(@Nullable GeneralSecurityException failure) {
    return new ServiceException.Denied("OpenSecret", "SealBroken", null, failure);
  }

  private Cipher cipher(int mode, byte[] nonce, SealContext context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(
        (context.accountUid() + "/" + context.settingsId()).getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }
}
