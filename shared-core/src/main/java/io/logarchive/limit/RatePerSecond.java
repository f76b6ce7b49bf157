package io.logarchive.limit;

/**
 * What an account may send in a second, to the whole deployment.
 *
 * @param bytes of bodies as they are received, so compressed ones count compressed
 */
public record RatePerSecond(int requests, int bytes) {
  public static final RatePerSecond DEFAULT = new RatePerSecond(1_000, 50_000_000);
}
