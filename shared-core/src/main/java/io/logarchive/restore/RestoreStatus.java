package io.logarchive.restore;

/**
 * Where a restore stands. Only {@link #IN_PROGRESS} changes by itself; the last three are for good.
 */
public enum RestoreStatus {
  IN_PROGRESS,
  /** All logs of the range are there. */
  ACTIVE,
  /**
   * The range holds more than the volume allowed: all logs up to {@code coveredUntil} are there,
   * and none behind it.
   */
  LIMIT_EXCEEDED,
  FAILED,
  ABORTED,
  DELETED,
  EXPIRED
}
