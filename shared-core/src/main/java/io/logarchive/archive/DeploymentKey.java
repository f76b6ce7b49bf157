package io.logarchive.archive;

import io.logarchive.account.Secret;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals with AES-256-GCM and signs with HMAC-SHA-256, both with keys derived from one of 256 bits
 * that lies in a file: for a deployment without a key service.
 */
public final class DeploymentKey implements SecretSealer, DeploymentSignature {
  public static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec sealing;
  private final SecretKeySpec signing;
  private final String id;
  private final SecureRandom random;

  /**
   * @param key {@value #KEY_BYTES} random bytes
   */
  public DeploymentKey(byte[] key, SecureRandom random) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "The deployment's key must have " + KEY_BYTES + " bytes, not " + key.length);
    }
    this.sealing = new SecretKeySpec(hmac(new SecretKeySpec(key, "HmacSHA256"), "seal"), "AES");
    this.signing =
        new SecretKeySpec(hmac(new SecretKeySpec(key, "HmacSHA256"), "sign"), "HmacSHA256");
    this.id =
        "file:" + HexFormat.of().formatHex(hmac(new SecretKeySpec(key, "HmacSHA256"), "id"), 0, 4);
    this.random = random;
  }

  @Override
  public SealedSecret seal(SealContext context, Secret secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
      byte[] text = cipher.doFinal(secret.value().getBytes(StandardCharsets.UTF_8));
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + text.length);
      System.arraycopy(text, 0, sealed, NONCE_BYTES, text.length);
      return new SealedSecret(id, sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has AES-GCM", e);
    }
  }

  @Override
  public Secret open(SealContext context, SealedSecret sealed) {
    byte[] bytes = sealed.bytes();
    if (!sealed.keyId().equals(id) || bytes.length <= NONCE_BYTES) {
      throw new ServiceException.Denied("OpenSecret", "SealedByAnotherKey", null, null);
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE_BYTES), context);
      byte[] text = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
      return new Secret(new String(text, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new ServiceException.Denied("OpenSecret", "SealBroken", null, e);
    }
  }

  @Override
  public byte[] sign(byte[] message) {
    return hmac(signing, message);
  }

  private Cipher cipher(int mode, byte[] nonce, SealContext context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(
        (context.accountUid() + "/" + context.settingsId()).getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }

  private static byte[] hmac(SecretKeySpec key, String purpose) {
    return hmac(key, purpose.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] hmac(SecretKeySpec key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HMAC-SHA-256", e);
    }
  }
}
