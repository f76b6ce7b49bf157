package io.logarchive.account;

import java.util.HexFormat;

/**
 * 128 random bits that name an account or a restore for good, as 32 lower-case hex digits. Unlike
 * the public integer ids it is never drawn again, so proofs, encryption contexts and index names
 * use it.
 */
public record Uid(String value) {
  public Uid {
    if (value.length() != 32 || !value.chars().allMatch(Uid::isHex)) {
      throw new IllegalArgumentException("Not 32 lower-case hex digits: " + value);
    }
  }

  public static Uid of(byte[] bits) {
    return new Uid(HexFormat.of().formatHex(bits));
  }

  private static boolean isHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  @Override
  public String toString() {
    return value;
  }
}
