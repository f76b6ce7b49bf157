package io.logarchive.ingest;

/**
 * What was found in a body.
 *
 * @param untimed how many of the logs have no usable time of their own
 */
public record IngestCounts(long logs, long malformed, long oversized, long blank, long untimed) {

  long lines() {
    return logs + malformed + oversized + blank;
  }

  boolean allGood() {
    return malformed == 0 && oversized == 0 && blank == 0;
  }
}
