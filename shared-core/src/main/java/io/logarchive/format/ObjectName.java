package io.logarchive.format;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an object's name says of its content, enough to plan a restore from a listing alone. Times
 * are epoch milliseconds. A name that was read is a claim: the owner of the storage can write names
 * too.
 *
 * @param min the earliest event time in the object
 * @param max the latest, in the same UTC hour
 * @param lines the number of logs
 * @param bytes the size before compression, line ends included
 * @param batch 32 hex digits derived from the content, see {@link Block#batchId}
 */
public record ObjectName(
    long min, long max, long lines, long bytes, String batch, Compression compression) {
  private static final long HOUR = 3_600_000;

  /** A name has room for 18 digits. */
  private static final long MAX_BYTES = 1_000_000_000_000_000_000L;

  private static final DateTimeFormatter HOUR_PREFIX =
      DateTimeFormatter.ofPattern("'dt='uuuuMMdd'/hour='HH'/'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern BATCH = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern PATH =
      Pattern.compile(
          "dt=[0-9]{8}/hour=[0-9]{2}/(N)-(N)\\.(N)\\.(N)\\.([0-9a-f]{32})(\\.json(?:\\.zst|\\.gz)?)"
              .replace("N", "0|[1-9][0-9]{0,17}"));

  public ObjectName {
    if (!isPossible(min, max, lines, bytes) || !BATCH.matcher(batch).matches()) {
      throw new IllegalArgumentException(
          "no object has times "
              + min
              + " to "
              + max
              + ", "
              + lines
              + " lines, "
              + bytes
              + " bytes and batch "
              + batch);
    }
  }

  /**
   * Reads a key without the archive's own prefix. Empty for every key that this format does not
   * write, such as one whose times lie outside the hour that it is filed under.
   */
  public static Optional<ObjectName> parse(String relativePath) {
    Matcher path = PATH.matcher(relativePath);
    if (!path.matches()) {
      return Optional.empty();
    }
    long min = Long.parseLong(path.group(1));
    long max = Long.parseLong(path.group(2));
    long lines = Long.parseLong(path.group(3));
    long bytes = Long.parseLong(path.group(4));
    if (!isPossible(min, max, lines, bytes)) {
      return Optional.empty();
    }
    ObjectName name =
        new ObjectName(min, max, lines, bytes, path.group(5), compression(path.group(6)));
    return name.path().equals(relativePath) ? Optional.of(name) : Optional.empty();
  }

  /**
   * {@code dt=20261122/hour=17/}: what the keys of one UTC hour start with.
   *
   * @throws IllegalArgumentException for an hour before 1970 or after the year 9999
   */
  public static String hourPrefix(Instant time) {
    long millis = time.toEpochMilli();
    if (millis < 0 || millis > EventTime.MAX) {
      throw new IllegalArgumentException(time + " is not in the years 1970 to 9999");
    }
    return HOUR_PREFIX.format(time);
  }

  /** The object's key without the archive's own prefix. */
  public String path() {
    return hourPrefix(Instant.ofEpochMilli(min))
        + min
        + '-'
        + max
        + '.'
        + lines
        + '.'
        + bytes
        + '.'
        + batch
        + compression.suffix();
  }

  /**
   * The one rule for a log's time in the archive: its own where that lies within the object's
   * times, else the object's earliest.
   *
   * @param own what the log says, or {@link EventTime#NONE}
   */
  public long timeOf(long own) {
    return own >= min && own <= max ? own : min;
  }

  /** A log takes a line end and two bytes at least. */
  private static boolean isPossible(long min, long max, long lines, long bytes) {
    return min >= 0
        && min <= max
        && max <= EventTime.MAX
        && min / HOUR == max / HOUR
        && lines >= 1
        && bytes / 3 >= lines
        && bytes < MAX_BYTES;
  }

  private static Compression compression(String suffix) {
    for (Compression compression : Compression.values()) {
      if (compression.suffix().equals(suffix)) {
        return compression;
      }
    }
    throw new IllegalArgumentException("no compression has the suffix " + suffix);
  }
}
