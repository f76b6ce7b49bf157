package io.logarchive.ingest;

import io.logarchive.format.Block;
import io.logarchive.format.BlockCompressor;
import io.logarchive.format.BlockWriter;
import io.logarchive.format.Compression;
import io.logarchive.format.EventTime;
import io.logarchive.format.LogScanner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes over a body once: finds and checks its logs, adds what they lack, and sorts them into one
 * object for each event hour, and one for those without a usable time of their own. Not safe for
 * concurrent use; owns native memory.
 */
final class LogSorter implements AutoCloseable {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final IngestLimits limits;
  private final long arrival;
  private final byte[] timestampMember;
  private final byte[] typeMember;
  private final byte[] bothMembers;
  private final BlockCompressor compressor;
  private final Map<Long, BlockWriter> byHour = new TreeMap<>();
  private @Nullable BlockWriter byArrival;
  private final Tally tally = new Tally();
  private long rawBytes;

  LogSorter(IngestLimits limits, Compression compression, Instant arrival, String typeJson) {
    this.limits = limits;
    this.arrival = arrival.toEpochMilli();
    byte[] time = new byte[EventTime.RFC3339_LENGTH];
    EventTime.writeRfc3339(this.arrival, time, 0);
    String timestamp = "\"@timestamp\":\"" + new String(time, StandardCharsets.US_ASCII) + '"';
    String type = "\"type\":" + typeJson;
    this.timestampMember = timestamp.getBytes(StandardCharsets.UTF_8);
    this.typeMember = type.getBytes(StandardCharsets.UTF_8);
    this.bothMembers = (timestamp + ',' + type).getBytes(StandardCharsets.UTF_8);
    this.compressor = BlockCompressor.of(compression);
  }

  /**
   * Takes every line of the body; once.
   *
   * @return empty if the logs, with what they lacked, are more than a body may inflate to
   */
  Optional<IngestCounts> sort(byte[] body) {
    LogScanner line = new LogScanner(limits.lineBytes());
    line.reset(body, 0, body.length);
    while (true) {
      LogScanner.Kind kind = line.next();
      tally.notLast(kind);
      switch (kind) {
        case LOG -> add(body, line);
        case MALFORMED -> tally.malformed++;
        case OVERSIZED -> tally.oversized++;
        case BLANK -> tally.pendingBlank++;
        case END -> {
          return Optional.of(tally.counts());
        }
      }
      if (rawBytes > limits.inflatedBytes()) {
        return Optional.empty();
      }
      if (kind == LogScanner.Kind.MALFORMED
          && tally.isFirstLine()
          && LogScanner.isOneObject(body, 0, body.length)) {
        tally.malformed--;
        joinLines(body);
        line.reset(body, 0, body.length);
      }
    }
  }

  /** The objects' blocks, in the order of their hours. */
  List<List<Block>> finish() {
    List<List<Block>> objects = new ArrayList<>();
    for (BlockWriter writer : byHour.values()) {
      objects.add(writer.finish());
    }
    if (byArrival != null) {
      objects.add(byArrival.finish());
    }
    return objects;
  }

  @Override
  public void close() {
    compressor.close();
  }

  private void add(byte[] body, LogScanner line) {
    long time =
        line.hasTimestamp()
            ? EventTime.parse(body, line.timestampStart(), line.timestampEnd())
            : EventTime.NONE;
    BlockWriter writer = EventTime.usable(time, arrival) ? hour(time / HOUR) : null;
    if (writer == null) {
      writer = byArrival();
      time = arrival;
      tally.untimed++;
    }
    byte @Nullable [] missing = missing(line);
    rawBytes += line.end() - line.start() + 1L + (missing == null ? 0 : missing.length + 1);
    if (missing == null) {
      writer.add(body, line.start(), line.end(), time);
    } else {
      writer.add(body, line.start(), line.end(), missing, time);
    }
    tally.logs++;
  }

  private @Nullable BlockWriter hour(long hour) {
    BlockWriter writer = byHour.get(hour);
    if (writer == null && byHour.size() < limits.eventHours()) {
      writer = new BlockWriter(compressor);
      byHour.put(hour, writer);
    }
    return writer;
  }

  private BlockWriter byArrival() {
    BlockWriter writer = byArrival;
    if (writer == null) {
      writer = new BlockWriter(compressor);
      byArrival = writer;
    }
    return writer;
  }

  private byte @Nullable [] missing(LogScanner line) {
    if (line.hasTimestamp()) {
      return line.hasType() ? null : typeMember;
    }
    return line.hasType() ? timestampMember : bothMembers;
  }

  /**
   * One object over several lines: the line ends lie between its tokens, where a space means the
   * same.
   */
  private static void joinLines(byte[] body) {
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '\n' || body[i] == '\r') {
        body[i] = ' ';
      }
    }
  }

  private static final class Tally {
    private long logs;
    private long malformed;
    private long oversized;
    private long blank;
    private long pendingBlank;
    private long untimed;

    /** Blank lines behind the last log are no fault: only those that something follows count. */
    void notLast(LogScanner.Kind kind) {
      if (kind != LogScanner.Kind.BLANK && kind != LogScanner.Kind.END) {
        blank += pendingBlank;
        pendingBlank = 0;
      }
    }

    /** Whether nothing but blank lines came before the one malformed line. */
    boolean isFirstLine() {
      return logs == 0 && oversized == 0 && malformed == 1;
    }

    IngestCounts counts() {
      return new IngestCounts(logs, malformed, oversized, blank, untimed);
    }
  }
}
