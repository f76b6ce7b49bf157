package io.logarchive.opensearch;

import io.logarchive.restore.RestoredLog;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The body of a bulk, built from the logs' bytes without parsing them. A log becomes its own
 * members behind ours: {@code @timestamp}, which takes the place of its own, and {@code _raw}, the
 * line as it was archived, among them.
 */
final class BulkBody extends ByteArrayOutputStream {
  private static final long LAST_MILLISECOND_OF_YEAR_9999 = 253_402_300_799_999L;

  /** A double holds one more. */
  private static final int TIEBREAK_BITS = 52;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  BulkBody(int expectedBytes) {
    super(expectedBytes);
  }

  BodyPublisher publisher() {
    return BodyPublishers.ofByteArray(buf, 0, count);
  }

  /** Adds a log with its fields. */
  void add(RestoredLog log) {
    start(log);
    byte[] bytes = log.bytes();
    int first = log.from() + 1;
    int last = log.to() - 1;
    int gapFrom = log.timestampFrom() < 0 ? last : log.timestampFrom();
    int gapTo = log.timestampFrom() < 0 ? last : log.timestampTo();
    if (!isBlank(bytes, first, gapFrom) || !isBlank(bytes, gapTo, last)) {
      write(',');
      utf8(bytes, first, gapFrom);
      utf8(bytes, gapTo, last);
    }
    text("}\n");
  }

  /** Adds a log without its fields: nothing in it can be refused. */
  void addRaw(RestoredLog log, String conflict) {
    start(log);
    text(",\"" + RestoredIndex.CONFLICT + "\":\"");
    escaped(conflict.getBytes(StandardCharsets.UTF_8));
    text("\"}\n");
  }

  private void start(RestoredLog log) {
    byte[] line = valid(log.bytes(), log.from(), log.to());
    text("{\"index\":{\"_id\":\"" + log.id() + "\"}}\n{\"" + RestoredIndex.TIMESTAMP + "\":\"");
    text(time(log.time()));
    text("\",\"" + RestoredIndex.TIEBREAK + "\":" + tiebreak(log.id()));
    text(",\"" + RestoredIndex.RAW + "\":\"");
    escaped(line);
    text("\",\"" + RestoredIndex.TEXT + "\":\"");
    if (log.isObject()) {
      values(line);
    } else {
      escaped(line);
    }
    write('"');
  }

  /**
   * A number that orders logs of the same time for good, so that a search can go on behind any of
   * them: an FNV-1a hash of the log's id, as much of it as every reader of JSON takes without loss.
   */
  private static long tiebreak(String id) {
    long hash = FNV_BASIS;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * FNV_PRIME;
    }
    return hash >>> (Long.SIZE - TIEBREAK_BITS);
  }

  /** Times that the index has no words for become the nearest that it has. */
  private static String time(long epochMillis) {
    return RFC_3339.format(
        Instant.ofEpochMilli(Math.clamp(epochMillis, 0, LAST_MILLISECOND_OF_YEAR_9999)));
  }

  private void text(String ascii) {
    writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private void utf8(byte[] bytes, int from, int to) {
    writeBytes(valid(bytes, from, to));
  }

  /** The bytes with U+FFFD in place of whatever is not UTF-8. */
  private static byte[] valid(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The bytes as the inside of a JSON string. */
  private void escaped(byte[] bytes) {
    int done = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        write(bytes, done, i - done);
        done = i + 1;
        write('\\');
        if (b < ' ') {
          text("u00");
          text(HexFormat.of().toHexDigits(b));
        } else {
          write(b);
        }
      }
    }
    write(bytes, done, bytes.length - done);
  }

  /**
   * The values of an object as the inside of a JSON string. What is escaped in its strings is
   * escaped the same way in ours, so that their words are whole.
   */
  private void values(byte[] object) {
    int i = 0;
    while (i < object.length) {
      if (object[i] == '"') {
        int end = stringEnd(object, i);
        if (!isKey(object, end)) {
          write(object, i + 1, end - i - 1);
          write(' ');
        }
        i = end + 1;
      } else {
        int from = i;
        while (i < object.length && isOfNumberOrWord(object[i])) {
          i++;
        }
        if (i > from) {
          write(object, from, i - from);
          write(' ');
        } else {
          i++;
        }
      }
    }
  }

  private static int stringEnd(byte[] object, int start) {
    int i = start + 1;
    while (object[i] != '"') {
      i += object[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  private static boolean isKey(byte[] object, int stringEnd) {
    int i = stringEnd + 1;
    while (isSpace(object[i])) {
      i++;
    }
    return object[i] == ':';
  }

  private static boolean isOfNumberOrWord(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || b == '.'
        || b == '-'
        || b == '+'
        || b == 'E';
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isSpace(bytes[i])) {
        return false;
      }
    }
    return true;
  }
}
