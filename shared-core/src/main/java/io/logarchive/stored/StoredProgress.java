package io.logarchive.stored;

import io.logarchive.restore.Position;
import io.logarchive.restore.SliceProgress;
import java.util.Locale;

/** How far a slice has come, as it is stored. */
public final class StoredProgress {
  private StoredProgress() {}

  public static Stored of(SliceProgress progress) {
    return Stored.empty()
        .number("slice", progress.slice())
        .map("position", progress.position(), StoredProgress::position)
        .map("totals", progress.totals(), StoredRestore::of);
  }

  public static SliceProgress read(Stored stored) {
    return new SliceProgress(
        stored.integer("slice"),
        stored.map(
            "position",
            position ->
                new Position(
                    position.integer("object"),
                    position.number("stored"),
                    position.number("inflated"),
                    position.number("line"))),
        stored.map("totals", StoredRestore::totals));
  }

  /**
   * How far a slice has come, as text that sorts: a slice that is done is further than any
   * position.
   */
  public static String reached(SliceProgress progress) {
    Position position = progress.position();
    return String.format(
        Locale.ROOT,
        "%d#%010d#%019d#%019d",
        progress.done() ? 1 : 0,
        position.object(),
        position.stored(),
        position.line());
  }

  private static Stored position(Position position) {
    return Stored.empty()
        .number("object", position.object())
        .number("stored", position.stored())
        .number("inflated", position.inflated())
        .number("line", position.line());
  }
}
