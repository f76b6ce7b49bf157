package io.logarchive.format;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Whole lines of one account and one event hour, compressed once: a zstd frame, a gzip member or
 * plain bytes. Blocks written one after another are an object. The arrays are not copied: they are
 * not to be changed.
 */
public final class Block {
  /** The raw bytes a block holds at most, line ends included. */
  public static final int MAX_RAW = 4 << 20;

  /** The stored bytes a block has at most: a record of a stream has room for one. */
  public static final int MAX_STORED = 768 << 10;

  private static final int BATCH_ID_BYTES = 16;

  private final byte[] stored;
  private final byte[] sha256;
  private final int rawLength;
  private final int lines;
  private final long min;
  private final long max;

  /**
   * @param stored the bytes as they lie in the object
   * @param rawLength the bytes before compression, line ends included
   * @param lines the number of logs
   * @param min the earliest event time, epoch milliseconds
   * @param max the latest
   */
  public Block(byte[] stored, int rawLength, int lines, long min, long max) {
    if (stored.length > MAX_STORED || rawLength > MAX_RAW || lines < 1 || min > max) {
      throw new IllegalArgumentException(
          "no block has %d stored and %d raw bytes, %d lines and times %d to %d"
              .formatted(stored.length, rawLength, lines, min, max));
    }
    this.stored = stored;
    this.sha256 = Sha256.digest().digest(stored);
    this.rawLength = rawLength;
    this.lines = lines;
    this.min = min;
    this.max = max;
  }

  /**
   * The {@code batch} of an object's name: the start of SHA-256 over the account's uid and its
   * blocks' SHA-256 values in their order.
   */
  public static String batchId(String accountUid, List<Block> blocks) {
    MessageDigest digest = Sha256.digest();
    digest.update(accountUid.getBytes(StandardCharsets.UTF_8));
    for (Block block : blocks) {
      digest.update(block.sha256);
    }
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), BATCH_ID_BYTES));
  }

  /** The bytes as they lie in the object. */
  public byte[] stored() {
    return stored;
  }

  /** SHA-256 of the stored bytes. */
  public byte[] sha256() {
    return sha256;
  }

  /** The bytes before compression, line ends included. */
  public int rawLength() {
    return rawLength;
  }

  /** The number of logs. */
  public int lines() {
    return lines;
  }

  /** The earliest event time, epoch milliseconds. */
  public long min() {
    return min;
  }

  /** The latest event time, epoch milliseconds. */
  public long max() {
    return max;
  }
}
