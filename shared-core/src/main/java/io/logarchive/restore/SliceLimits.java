package io.logarchive.restore;

/**
 * How large a slice may be. A single object over a limit is a slice of its own.
 *
 * @param rawBytes by the objects' names
 * @param most how many slices a restore may have: what would need more gets larger ones
 */
public record SliceLimits(long rawBytes, long storedBytes, int objects, int most) {
  public static final SliceLimits DEFAULT = new SliceLimits(256L << 20, 64L << 20, 1_000, 10_000);

  SliceLimits doubled() {
    return new SliceLimits(
        twice(rawBytes), twice(storedBytes), (int) Math.min(2L * objects, Integer.MAX_VALUE), most);
  }

  private static long twice(long bytes) {
    return bytes > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * bytes;
  }
}
