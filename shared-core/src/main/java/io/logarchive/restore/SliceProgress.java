package io.logarchive.restore;

/**
 * How far one slice has come, in absolute values, so that saving it twice changes nothing.
 *
 * @param totals of this slice alone; {@code slicesDone} is 1 once it is done, else 0
 */
public record SliceProgress(int slice, Position position, Totals totals) {

  static SliceProgress none(int slice) {
    return new SliceProgress(slice, Position.START, Totals.NONE);
  }

  public boolean done() {
    return totals.slicesDone() > 0;
  }
}
