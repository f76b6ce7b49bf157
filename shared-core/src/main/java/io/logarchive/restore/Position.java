package io.logarchive.restore;

import java.util.Comparator;

/**
 * How far a slice has come: everything before it is indexed.
 *
 * @param object index of the object within the slice
 * @param stored offset of the block within the stored object
 * @param inflated raw bytes of the object before that block
 * @param line offset of the next line within the inflated block
 */
public record Position(int object, long stored, long inflated, long line)
    implements Comparable<Position> {
  public static final Position START = new Position(0, 0, 0, 0);

  private static final Comparator<Position> ORDER =
      Comparator.comparingInt(Position::object)
          .thenComparingLong(Position::stored)
          .thenComparingLong(Position::line);

  static Position atObject(int object) {
    return new Position(object, 0, 0, 0);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
