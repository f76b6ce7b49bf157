package io.logarchive.restore;

/**
 * How large a slice may be. A single object over a limit is a slice of its own.
 *
 * @param rawBytes by the objects' names
 */
public record SliceLimits(long rawBytes, long storedBytes, int objects) {
  public static final SliceLimits DEFAULT = new SliceLimits(256L << 20, 64L << 20, 1_000);
}
