package io.logarchive.metrics;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is counted; docs/observability.md is for those who read it. A step or a request
 * that is repeated counts again, unless it says otherwise here. What a process counted is lost if
 * it is killed before it tells.
 */
public enum Metric {
  /**
   * Lines of the bodies that were looked at, good or bad: those that {@link #LOGS_ARCHIVED}, {@link
   * #LOGS_REPEATED}, {@link #LOGS_PAUSED}, {@link #LOGS_REFUSED} and {@link #LOGS_DEFERRED} are
   * made of.
   */
  LOGS_RECEIVED("LogsReceived", Unit.COUNT),
  /** Bytes of the same bodies, inflated. */
  BYTES_RECEIVED("BytesReceived", Unit.BYTES),
  /**
   * Logs in objects that were written. An object that a repeated request finds in place is not
   * counted again.
   */
  LOGS_ARCHIVED("LogsArchived", Unit.COUNT),
  /** Raw bytes of these logs, with the times and types that they lacked and their line ends. */
  BYTES_ARCHIVED("BytesArchived", Unit.BYTES),
  /** Bytes of the objects that hold them, compressed. */
  BYTES_STORED("BytesStored", Unit.BYTES),
  /** Logs in objects that were in place already: a shipper sent the same again. */
  LOGS_REPEATED("LogsRepeated", Unit.COUNT),
  /** Logs let go because their account's owner has paused archiving. */
  LOGS_PAUSED("LogsPaused", Unit.COUNT),
  /** Lines that are no logs, by a {@link LineFault}. */
  LOGS_REFUSED("LogsRefused", Unit.COUNT, "Reason"),
  /**
   * Logs of requests answered with {@code 503}, for their shipper to send again. All of a request,
   * also if a part of it was written before the rest failed.
   */
  LOGS_DEFERRED("LogsDeferred", Unit.COUNT),
  /** Logs without a usable time of their own, filed under their arrival. */
  LOGS_UNTIMED("LogsUntimed", Unit.COUNT),
  /** From a body's arrival until all its logs were in the archive, for each body. */
  ARCHIVE_TIME("ArchiveTime", Unit.MILLISECONDS),
  /** Requests answered with an error, by its code. */
  REQUESTS_REFUSED("RequestsRefused", Unit.COUNT, "Reason"),
  /** Requests that passed their token's limit because the table did not count them. */
  REQUESTS_UNCOUNTED("RequestsUncounted", Unit.COUNT),
  /**
   * Calls to a customer's storage that failed, also when tried again, by the id of its archive
   * settings; and archives found to be another's.
   */
  STORAGE_ERRORS("StorageErrors", Unit.COUNT, "SettingsId"),
  /** Restores that were started. Not one that an idempotency key found. */
  RESTORES_STARTED("RestoresStarted", Unit.COUNT),
  /**
   * Restores whose work ended, by the status that it ended in. Each restore counts once: the change
   * is one conditional write.
   */
  RESTORES_ENDED("RestoresEnded", Unit.COUNT, "Status"),
  /** From the request until the end, for each restore that ended. */
  RESTORE_TIME("RestoreTime", Unit.SECONDS),
  /** How long ago the oldest restore in progress was started; 0 without one. Every minute. */
  OLDEST_RESTORE("OldestRestore", Unit.SECONDS),
  /**
   * Logs that slices looked at, in the range or not. Like the three below counted once they are
   * saved as done, so that a part of a slice that has to be done again counts once; twice only if
   * two workers are at the same slice.
   */
  LOGS_SCANNED("LogsScanned", Unit.COUNT),
  /** Logs written to restored accounts. */
  LOGS_RESTORED("LogsRestored", Unit.COUNT),
  /** How many of these could only be kept as raw lines. */
  LOGS_CONFLICTING("LogsConflicting", Unit.COUNT),
  /** Places in archives that could not be read. */
  DAMAGED_BLOCKS("DamagedBlocks", Unit.COUNT);

  /** What a value is of. Counts and bytes add up; of times each is one value. */
  public enum Unit {
    COUNT,
    BYTES,
    MILLISECONDS,
    SECONDS
  }

  /** Why a line is refused. */
  public enum LineFault {
    MALFORMED("Malformed"),
    OVERSIZED("Oversized"),
    /** A blank line before the last log. */
    EMPTY("Empty");

    private final String text;

    LineFault(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  private final String text;
  private final Unit unit;
  private final @Nullable String dimension;

  Metric(String text, Unit unit) {
    this(text, unit, null);
  }

  Metric(String text, Unit unit, @Nullable String dimension) {
    this.text = text;
    this.unit = unit;
    this.dimension = dimension;
  }

  /** Its name, such as {@code LogsReceived}. */
  public String text() {
    return text;
  }

  public Unit unit() {
    return unit;
  }

  /** The name of what tells its values apart, such as {@code Reason}. */
  public Optional<String> dimension() {
    return Optional.ofNullable(dimension);
  }
}
