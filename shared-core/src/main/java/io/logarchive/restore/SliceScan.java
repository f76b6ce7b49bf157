package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import io.logarchive.format.BlockPosition;
import io.logarchive.format.BlockReader;
import io.logarchive.format.EventTime;
import io.logarchive.format.LogId;
import io.logarchive.format.LogScanner;
import io.logarchive.format.ObjectName;
import io.logarchive.format.Piece;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the logs of a slice that lie in a time range, from any position on. Not safe for
 * concurrent use; owns native memory.
 */
final class SliceScan implements AutoCloseable {
  /** Where {@link #next} has come to. */
  enum Step {
    LOG,
    BLOCK_END,
    SLICE_END
  }

  /** A larger object is damage. The archive's own are at most 32 blocks or so. */
  private static final int MAX_STORED = 256 << 20;

  private final RestoreArchive archive;
  private final List<PlannedObject> objects;
  private final TimeRange range;
  private final LogScanner line = new LogScanner(BlockReader.MAX_LINE_BYTES);
  private final LogId ids = new LogId();
  private int object;
  private BlockPosition resume;
  private @Nullable BlockReader reader;
  private Piece.@Nullable Raw raw;
  private long time;
  private boolean ownTime;
  private boolean isObject;

  private long objectsDone;
  private long bytesDone;
  private long scanned;
  private final List<Damage> damaged;
  private long damages;

  SliceScan(RestoreArchive archive, Slice slice, TimeRange range, SliceProgress from) {
    this.archive = archive;
    this.objects = slice.objects();
    this.range = range;
    this.object = from.position().object();
    this.resume =
        new BlockPosition(
            from.position().stored(), from.position().line(), from.position().inflated());
    this.objectsDone = from.totals().objectsDone();
    this.bytesDone = from.totals().bytesDone();
    this.scanned = from.totals().logsScanned();
    this.damaged = new ArrayList<>(from.totals().damaged());
    this.damages = from.totals().damages();
  }

  /**
   * Goes on to the next log of the range, or to the end of a block on the way there, or to the
   * slice's end.
   */
  Step next() {
    while (true) {
      if (raw != null) {
        if (nextLine(raw)) {
          return Step.LOG;
        }
        return Step.BLOCK_END;
      }
      if (reader != null) {
        nextPiece(reader);
      } else if (object == objects.size()) {
        return Step.SLICE_END;
      } else {
        open(objects.get(object));
      }
    }
  }

  long time() {
    return time;
  }

  /** Raw bytes of the log, its line end included. */
  int rawBytes() {
    return line.end() - line.start() + 1;
  }

  /** The log, with its bytes copied: the buffer they lie in is used again. */
  RestoredLog log() {
    Piece.Raw piece = Objects.requireNonNull(raw, "there is no log before the first next()");
    int start = line.start();
    boolean timestamp = isObject && line.hasTimestamp();
    return new RestoredLog(
        ownTime
            ? ids.of(piece.sourceHash(), piece.offsetOf(start))
            : ids.of(piece.sourceHash(), piece.offsetOf(start), time),
        Arrays.copyOfRange(piece.bytes(), start, line.end()),
        0,
        line.end() - start,
        time,
        timestamp ? line.timestampMemberStart() - start : -1,
        timestamp ? line.timestampMemberEnd() - start : -1,
        isObject);
  }

  /** Just behind the current log; at the slice's end behind everything. */
  Position position() {
    if (object == objects.size()) {
      return Position.atObject(object);
    }
    BlockPosition place = raw == null ? resume : raw.positionOf(behindLine(raw));
    return new Position(object, place.storedOffset(), place.inflatedBefore(), place.rawOffset());
  }

  /** What was gone through so far, with what was written of it. */
  Totals totals(long restored, long bytesRestored, long conflicting) {
    return new Totals(
        object == objects.size() ? 1 : 0,
        objectsDone,
        bytesDone + (raw == null ? 0 : behindLine(raw)),
        scanned,
        restored,
        bytesRestored,
        conflicting,
        damaged,
        damages);
  }

  @Override
  public void close() {
    closeReader();
  }

  private void open(PlannedObject next) {
    ObjectName name = next.name();
    if (!range.meets(name.min(), name.max())) {
      objectEnd();
      return;
    }
    if (next.storedBytes() > MAX_STORED) {
      damage(0, "the object is larger than " + MAX_STORED + " bytes");
      objectEnd();
      return;
    }
    try {
      byte[] stored = archive.get(next.place(), name.path(), resume.storedOffset(), MAX_STORED);
      reader = new BlockReader(name, resume, new ByteArrayInputStream(stored));
    } catch (ServiceException.NotFound e) {
      damage(0, "the object was removed after the restore was planned");
      objectEnd();
    }
  }

  private void nextPiece(BlockReader from) {
    Optional<Piece> piece = piece(from);
    if (piece.isEmpty()) {
      closeReader();
      objectEnd();
      return;
    }
    switch (piece.get()) {
      case Piece.Damage damage -> damage(damage.storedOffset(), damage.reason());
      case Piece.Raw found -> {
        raw = found;
        resume = found.start();
        line.reset(found.bytes(), 0, found.length());
      }
    }
  }

  private static Optional<Piece> piece(BlockReader from) {
    try {
      return from.next();
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory failed", e);
    }
  }

  private void closeReader() {
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Closing what is in memory failed", e);
      }
      reader = null;
    }
  }

  /** The next log of the block in the range; false at the block's end. */
  private boolean nextLine(Piece.Raw piece) {
    while (true) {
      switch (line.next()) {
        case LOG -> {
          scanned++;
          long own =
              line.hasTimestamp()
                  ? EventTime.parse(piece.bytes(), line.timestampStart(), line.timestampEnd())
                  : EventTime.NONE;
          if (isInRange(own, true)) {
            return true;
          }
        }
        case MALFORMED -> {
          // Not written by us, but the owner's all the same: kept as a raw line.
          scanned++;
          if (isInRange(EventTime.NONE, false)) {
            return true;
          }
        }
        case OVERSIZED ->
            damage(
                piece.start().storedOffset(),
                "a line is longer than " + BlockReader.MAX_LINE_BYTES + " bytes");
        case BLANK -> {}
        case END -> {
          bytesDone += piece.length();
          resume = piece.end();
          raw = null;
          return false;
        }
      }
    }
  }

  private boolean isInRange(long own, boolean object) {
    time = objects.get(this.object).name().timeOf(own);
    ownTime = time == own;
    isObject = object;
    return range.contains(time);
  }

  private void objectEnd() {
    object++;
    objectsDone++;
    resume = BlockPosition.START;
  }

  private void damage(long offset, String reason) {
    damages++;
    if (damaged.size() < Totals.DAMAGED_SHOWN) {
      damaged.add(new Damage(objects.get(object).name().path(), offset, reason));
    }
  }

  private int behindLine(Piece.Raw piece) {
    int at = line.end();
    while (at < piece.length() && piece.bytes()[at] != '\n') {
      at++;
    }
    return Math.min(at + 1, piece.length());
  }
}
