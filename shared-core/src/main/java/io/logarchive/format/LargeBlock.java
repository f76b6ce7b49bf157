package io.logarchive.format;

import io.logarchive.format.Piece.Damage;
import io.logarchive.format.Piece.Raw;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Inflated bytes that may be too many to be held at once, cut into pieces of whole lines. */
final class LargeBlock {
  private final InputStream inflated;
  private final byte[] sourceHash;
  private final BlockPosition block;
  private final long limit;
  private final int maxPiece;
  private byte[] bytes;
  private long rawOffset;
  private int tail;
  private int length;
  private boolean overLimit;

  /**
   * @param inflated the bytes, for this object to close
   * @param start where to start in them
   * @param limit how many of them are read at most
   */
  LargeBlock(
      InputStream inflated, byte[] sourceHash, BlockPosition start, long limit, int maxPiece) {
    this.inflated = inflated;
    this.sourceHash = sourceHash;
    this.block = start;
    this.limit = limit;
    this.maxPiece = maxPiece;
    this.bytes = new byte[Math.min(64 << 10, maxPiece)];
  }

  /** The next piece; null at the end, or where the limit forbids to go on. */
  @Nullable Piece next() throws IOException {
    if (overLimit) {
      return null;
    }
    if (rawOffset < block.rawOffset()) {
      skip(block.rawOffset());
    }
    length -= tail;
    System.arraycopy(bytes, tail, bytes, 0, length);
    rawOffset += tail;
    tail = 0;
    boolean ended = fill();
    overLimit = rawOffset + length > limit;
    if (overLimit) {
      length = (int) Math.max(limit - rawOffset, 0);
    }
    boolean lastOfAll = ended && !overLimit;
    int end = lastOfAll ? length : behindLastLineEnd();
    if (end > 0) {
      tail = end;
      return new Raw(position(rawOffset), position(rawOffset + end), sourceHash, bytes, end);
    }
    if (lastOfAll || overLimit) {
      return null;
    }
    skipLine();
    return new Damage(block.storedOffset(), "a line has over " + maxPiece + " bytes");
  }

  /** Whether there are more bytes than the limit allows. */
  boolean isOverLimit() {
    return overLimit;
  }

  /** How many bytes there were, once {@link #next} has come to the end. */
  long size() {
    return rawOffset;
  }

  void close() throws IOException {
    inflated.close();
  }

  private BlockPosition position(long rawOffset) {
    return new BlockPosition(block.storedOffset(), rawOffset, block.inflatedBefore());
  }

  /** Reads as much as a piece may have; true at the end of the bytes. */
  private boolean fill() throws IOException {
    while (length < maxPiece) {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(2 * length, maxPiece));
      }
      int read = inflated.read(bytes, length, bytes.length - length);
      if (read < 0) {
        return true;
      }
      length += read;
    }
    return false;
  }

  private int behindLastLineEnd() {
    int end = length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private void skip(long to) throws IOException {
    while (rawOffset < to) {
      int read = inflated.read(bytes, 0, (int) Math.min(bytes.length, to - rawOffset));
      if (read < 0) {
        return;
      }
      rawOffset += read;
    }
  }

  /** Drops what is here and everything up to the next line end. */
  private void skipLine() throws IOException {
    rawOffset += length;
    length = 0;
    int read = inflated.read(bytes, 0, bytes.length);
    while (read >= 0) {
      for (int i = 0; i < read; i++) {
        if (bytes[i] == '\n') {
          tail = i + 1;
          length = read;
          return;
        }
      }
      rawOffset += read;
      read = inflated.read(bytes, 0, bytes.length);
    }
  }
}
