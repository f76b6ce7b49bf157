package io.logarchive.opensearch;

import io.logarchive.format.LogScanner;
import io.logarchive.restore.RestoredLog;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Lines as a restore hands them on. */
final class Lines {
  static final long TIME = 1_763_830_800_123L;

  private Lines() {}

  /** The only line of the text; its id is that number. */
  static RestoredLog log(int id, String line) {
    return log(id, line.getBytes(StandardCharsets.UTF_8));
  }

  static RestoredLog log(int id, byte[] line) {
    return log(id, line, TIME);
  }

  static RestoredLog log(int id, byte[] line, long time) {
    LogScanner scanner = new LogScanner(10_000_000);
    scanner.reset(line, 0, line.length);
    boolean isObject = scanner.next() == LogScanner.Kind.LOG;
    boolean timestamp = isObject && scanner.hasTimestamp();
    return new RestoredLog(
        id(id),
        line,
        scanner.start(),
        scanner.end(),
        time,
        timestamp ? scanner.timestampMemberStart() : -1,
        timestamp ? scanner.timestampMemberEnd() : -1,
        isObject);
  }

  static String id(int number) {
    return "0".repeat(24) + HexFormat.of().toHexDigits(number);
  }
}
