package io.logarchive.restore;

import java.util.ArrayList;
import java.util.List;

/**
 * What was done, in absolute values.
 *
 * @param bytesDone raw bytes looked through
 * @param logsRestored logs written to the restored account
 * @param bytesRestored their raw bytes
 * @param logsConflicting how many of them could only be kept as raw lines, because their fields do
 *     not fit the index
 * @param damaged the first 100 places that could not be read
 * @param damages how many such places there are
 */
public record Totals(
    int slicesDone,
    long objectsDone,
    long bytesDone,
    long logsScanned,
    long logsRestored,
    long bytesRestored,
    long logsConflicting,
    List<Damage> damaged,
    long damages) {
  public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, List.of(), 0);
  static final int DAMAGED_SHOWN = 100;

  public Totals {
    damaged = damaged.stream().limit(DAMAGED_SHOWN).toList();
  }

  Totals plus(Totals other) {
    List<Damage> all = new ArrayList<>(damaged);
    all.addAll(other.damaged);
    return new Totals(
        slicesDone + other.slicesDone,
        objectsDone + other.objectsDone,
        bytesDone + other.bytesDone,
        logsScanned + other.logsScanned,
        logsRestored + other.logsRestored,
        bytesRestored + other.bytesRestored,
        logsConflicting + other.logsConflicting,
        all,
        damages + other.damages);
  }

  /** The same with the number of logs that the restored account itself counts. */
  Totals withLogsRestored(long counted) {
    return new Totals(
        slicesDone,
        objectsDone,
        bytesDone,
        logsScanned,
        counted,
        bytesRestored,
        logsConflicting,
        damaged,
        damages);
  }

  /** The same with the number of damaged places alone. */
  Totals withoutPlaces() {
    return new Totals(
        slicesDone,
        objectsDone,
        bytesDone,
        logsScanned,
        logsRestored,
        bytesRestored,
        logsConflicting,
        List.of(),
        damages);
  }

  static Totals sum(List<SliceProgress> slices) {
    return slices.stream().map(SliceProgress::totals).reduce(NONE, Totals::plus);
  }
}
