package io.logarchive.format;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Names a log by where it lies: the first 16 bytes of SHA-256 over its block's hash and the line's
 * offset in the inflated block (8 bytes, most significant first), as base64url without padding. The
 * same block gives the same ids wherever it is read. A log that has its time from its object and
 * not of its own is named by that time too: sent again later it is another log. Not safe for
 * concurrent use.
 */
public final class LogId {
  /** The characters of an id. */
  public static final int LENGTH = 22;

  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
          .getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest digest = Sha256.digest();
  private final byte[] source = new byte[Sha256.BYTES + Long.BYTES];
  private final byte[] time = new byte[Long.BYTES];
  private final byte[] hash = new byte[Sha256.BYTES];

  /**
   * Writes the id's {@link #LENGTH} ASCII characters.
   *
   * @param sourceHash {@link Piece.Raw#sourceHash()}
   * @param offset the line's, see {@link Piece.Raw#offsetOf}
   */
  public void write(byte[] sourceHash, long offset, byte[] target, int at) {
    if (sourceHash.length != Sha256.BYTES) {
      throw new IllegalArgumentException(sourceHash.length + " bytes are no SHA-256");
    }
    System.arraycopy(sourceHash, 0, source, 0, Sha256.BYTES);
    bigEndian(offset, source, Sha256.BYTES);
    digest.update(source);
    try {
      digest.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 has 32 bytes", e);
    }
    // 16 bytes are 21 groups of six bits and two bits more.
    for (int i = 0; i < LENGTH; i++) {
      int bit = i * 6;
      int twoBytes = (hash[bit / 8] & 0xff) << 8 | (i == LENGTH - 1 ? 0 : hash[bit / 8 + 1] & 0xff);
      target[at + i] = ALPHABET[twoBytes >> (10 - bit % 8) & 0x3f];
    }
  }

  /** The same as a string. */
  public String of(byte[] sourceHash, long offset) {
    byte[] id = new byte[LENGTH];
    write(sourceHash, offset, id, 0);
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  /**
   * The id of a log whose time is not its own.
   *
   * @param objectTime the time that its object gives it, epoch milliseconds
   */
  public String of(byte[] sourceHash, long offset, long objectTime) {
    bigEndian(objectTime, time, 0);
    digest.update(time);
    return of(sourceHash, offset);
  }

  private static void bigEndian(long number, byte[] target, int at) {
    for (int i = 0; i < Long.BYTES; i++) {
      target[at + i] = (byte) (number >>> (56 - 8 * i));
    }
  }
}
