package io.logarchive.format;

/**
 * A place between two lines of an object, enough to go on from there later.
 *
 * @param storedOffset where the block starts in the object: what has to be fetched starts here
 * @param rawOffset the next line's offset in the inflated block
 * @param inflatedBefore the inflated bytes of the blocks before this one
 */
public record BlockPosition(long storedOffset, long rawOffset, long inflatedBefore) {
  /** The start of an object. */
  public static final BlockPosition START = new BlockPosition(0, 0, 0);

  public BlockPosition {
    if (storedOffset < 0 || rawOffset < 0 || inflatedBefore < 0) {
      throw new IllegalArgumentException(
          "no place in an object: " + storedOffset + ", " + rawOffset + ", " + inflatedBefore);
    }
  }
}
