package io.logarchive.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** A bearer token: 256 random bits behind a prefix that names its kind. Prints as stars. */
public record Token(String value) {

  /** What a token is for; the prefix lets secret scanners and people tell them apart. */
  public enum Kind {
    API("la_api_"),
    SHIPPING("la_ship_"),
    ADMIN("la_admin_");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  static Token of(Kind kind, byte[] bits) {
    return new Token(kind.prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /** SHA-256 of the token in hex: all that is ever stored. */
  public String hash() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "*****";
  }
}
