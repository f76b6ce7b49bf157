package io.logarchive.account;

import java.util.random.RandomGenerator;

/**
 * Draws ids. An integer id is random and may already be taken: the store that inserts it says so,
 * and another is drawn. (A counter would go back after a point-in-time recovery.)
 */
public final class Ids {
  private static final int LEAST = 1_000_000;

  private final RandomGenerator random;

  /**
   * @param random a cryptographically strong generator, safe for concurrent use
   */
  public Ids(RandomGenerator random) {
    this.random = random;
  }

  /** An integer in [1,000,000, 2^31). */
  public int id() {
    return (int) random.nextLong(LEAST, 1L << 31);
  }

  public Uid uid() {
    return Uid.of(bytes(16));
  }

  /** A new token of 256 random bits. */
  public Token token(Token.Kind kind) {
    return Token.of(kind, bytes(32));
  }

  private byte[] bytes(int count) {
    byte[] bits = new byte[count];
    random.nextBytes(bits);
    return bits;
  }
}
