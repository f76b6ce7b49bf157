package io.logarchive.archive;

import java.util.Arrays;
import java.util.Base64;

/**
 * A secret that only the deployment's key opens.
 *
 * @param keyId names the key that sealed it
 */
public record SealedSecret(String keyId, byte[] bytes) {

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public static SealedSecret of(String keyId, String base64) {
    return new SealedSecret(keyId, Base64.getDecoder().decode(base64));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedSecret sealed
        && keyId.equals(sealed.keyId)
        && Arrays.equals(bytes, sealed.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "sealed by " + keyId;
  }
}
