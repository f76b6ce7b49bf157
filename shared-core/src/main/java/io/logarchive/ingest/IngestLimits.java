package io.logarchive.ingest;

import io.logarchive.format.BlockWriter;

/**
 * What one request may hold.
 *
 * @param bodyBytes as received
 * @param inflatedBytes after decompression
 * @param lineBytes of one log, without its line end
 * @param eventHours different hours of event time; logs of further hours are filed under their
 *     arrival
 */
public record IngestLimits(int bodyBytes, int inflatedBytes, int lineBytes, int eventHours) {
  public static final IngestLimits DEFAULT = new IngestLimits(10 << 20, 128 << 20, 500_000, 48);

  /** What splicing {@code @timestamp} and {@code type} may add to a line. */
  static final int MAX_SPLICED_BYTES = 2_000;

  public IngestLimits {
    if (lineBytes + MAX_SPLICED_BYTES > BlockWriter.MAX_LINE_BYTES) {
      throw new IllegalArgumentException("Lines of " + lineBytes + " bytes do not fit a block");
    }
  }
}
