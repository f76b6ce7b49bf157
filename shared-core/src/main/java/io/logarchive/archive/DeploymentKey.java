package io.logarchive.archive;

import io.logarchive.account.Secret;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals with AES-256-GCM and signs with HMAC-SHA-256, both with keys derived from one of 256 bits
 * that lies in a file: for a deployment without a key service.
 */
public final class DeploymentKey implements SecretSealer, DeploymentSignature {
  public static final int KEY_BYTES = 32;

  private final SecretCipher sealing;
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
    this.sealing = new SecretCipher(hmac(new SecretKeySpec(key, "HmacSHA256"), "seal"));
    this.signing =
        new SecretKeySpec(hmac(new SecretKeySpec(key, "HmacSHA256"), "sign"), "HmacSHA256");
    this.id =
        "file:" + HexFormat.of().formatHex(hmac(new SecretKeySpec(key, "HmacSHA256"), "id"), 0, 4);
    this.random = random;
  }

  @Override
  public SealedSecret seal(SealContext context, Secret secret) {
    return new SealedSecret(id, sealing.seal(context, secret, random));
  }

  @Override
  public Secret open(SealContext context, SealedSecret sealed) {
    if (!sealed.keyId().equals(id)) {
      throw new ServiceException.Denied("OpenSecret", "SealedByAnotherKey", null, null);
    }
    return sealing.open(context, sealed.bytes());
  }

  @Override
  public byte[] sign(byte[] message) {
    return hmac(signing, message);
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
