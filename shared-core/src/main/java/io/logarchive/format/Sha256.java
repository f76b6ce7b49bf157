package io.logarchive.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one digest of the format, and of the plans that are named by their content. */
public final class Sha256 {
  static final int BYTES = 32;

  private Sha256() {}

  /** A new one. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
