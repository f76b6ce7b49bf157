package io.logarchive.format;

/** A block that cannot be read. Stays within the reader. */
final class DamagedBlockException extends Exception {
  private static final long serialVersionUID = 1;

  final String reason;

  /** The block's stored length as its own structure tells, or 0 where that is not known. */
  final int claimedLength;

  /** The bytes that were looked at to find this out, stored and inflated. */
  final long examined;

  DamagedBlockException(String reason, int claimedLength, long examined) {
    super(reason, null, false, false);
    this.reason = reason;
    this.claimedLength = claimedLength;
    this.examined = examined;
  }

  DamagedBlockException(String reason, long examined) {
    this(reason, 0, examined);
  }
}
