package io.logarchive.restore;

/**
 * A log on its way into a restored account. Its bytes lie in a shared buffer that must not be
 * changed.
 *
 * @param id the document's id: the same log has the same one at every run
 * @param from where the line starts in {@code bytes}
 * @param to where it ends, without the line end
 * @param time the log's time, epoch milliseconds
 * @param timestampFrom where the member {@code "@timestamp": …} starts, with its comma if it has
 *     one; -1 if there is none
 * @param timestampTo where it ends
 * @param isObject false for a line that is not a JSON object; it is kept as a raw line
 */
public record RestoredLog(
    String id,
    byte[] bytes,
    int from,
    int to,
    long time,
    int timestampFrom,
    int timestampTo,
    boolean isObject) {

  public int length() {
    return to - from;
  }
}
