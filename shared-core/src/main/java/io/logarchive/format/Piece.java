package io.logarchive.format;

/** What {@link BlockReader} finds in an object, in the order of the stored bytes. */
public sealed interface Piece {
  /**
   * Inflated bytes: one whole block, or some whole lines of a block that is too large to be held at
   * once.
   */
  final class Raw implements Piece {
    private final BlockPosition start;
    private final BlockPosition end;
    private final byte[] sourceHash;
    private final byte[] bytes;
    private final int length;

    Raw(BlockPosition start, BlockPosition end, byte[] sourceHash, byte[] bytes, int length) {
      this.start = start;
      this.end = end;
      this.sourceHash = sourceHash;
      this.bytes = bytes;
      this.length = length;
    }

    /** Where these bytes start. */
    public BlockPosition start() {
      return start;
    }

    /** Where reading goes on behind them. */
    public BlockPosition end() {
      return end;
    }

    /**
     * SHA-256 of the block's stored bytes; in an uncompressed object, of {@link ObjectName#path}.
     */
    public byte[] sourceHash() {
      return sourceHash;
    }

    /** The lines, from index 0. The reader uses the array again for its next piece. */
    public byte[] bytes() {
      return bytes;
    }

    /** How many of the bytes count. */
    public int length() {
      return length;
    }

    /** The offset in the inflated block of the byte at {@code index}. */
    public long offsetOf(int index) {
      return start.rawOffset() + index;
    }

    /** Where a reader goes on that has done with the lines before {@code index}. */
    public BlockPosition positionOf(int index) {
      return index == length
          ? end
          : new BlockPosition(start.storedOffset(), offsetOf(index), start.inflatedBefore());
    }
  }

  /**
   * Logs that are lost: a block, a line, or the rest of the object.
   *
   * @param storedOffset where the fault's block starts in the object
   * @param reason what is wrong, in words for people
   */
  record Damage(long storedOffset, String reason) implements Piece {}
}
