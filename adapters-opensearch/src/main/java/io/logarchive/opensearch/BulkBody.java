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
 * members behind two of ours: {@code @timestamp}, which takes the place of its own, and {@code
 * _raw}, the line as it was archived.
 */
final class BulkBody extends ByteArrayOutputStream {
  private static final long LAST_MILLISECOND_OF_YEAR_9999 = 253_402_300_799_999L;
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

  /** Adds a log as its line and text alone: nothing in it can be refused. */
  void addRaw(RestoredLog log, String conflict) {
    start(log);
    text(",\"" + RestoredIndex.CONFLICT + "\":\"");
    escaped(conflict.getBytes(StandardCharsets.UTF_8));
    text("\",\"" + RestoredIndex.TEXT + "\":\"");
    byte[] line = valid(log.bytes(), log.from(), log.to());
    if (log.isObject()) {
      words(line);
    } else {
      escaped(line);
    }
    text("\"}\n");
  }

  private void start(RestoredLog log) {
    text("{\"index\":{\"_id\":\"" + log.id() + "\"}}\n{\"" + RestoredIndex.TIMESTAMP + "\":");
    text(time(log.time()));
    text(",\"" + RestoredIndex.RAW + "\":\"");
    escaped(valid(log.bytes(), log.from(), log.to()));
    write('"');
  }

  private static String time(long epochMillis) {
    return epochMillis < 0 || epochMillis > LAST_MILLISECOND_OF_YEAR_9999
        ? Long.toString(epochMillis)
        : '"' + RFC_3339.format(Instant.ofEpochMilli(epochMillis)) + '"';
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
   * The bytes of an object as the inside of a JSON string, with a space for each quote: what its
   * strings escape is escaped here too, so that the words in them are whole.
   */
  private void words(byte[] object) {
    for (int i = 0; i < object.length; i++) {
      byte b = object[i];
      if (b == '\\') {
        write(b);
        write(object[++i]);
      } else {
        write(b == '"' || (b >= 0 && b < ' ') ? ' ' : b);
      }
    }
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n') {
        return false;
      }
    }
    return true;
  }
}
