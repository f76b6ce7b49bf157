package io.logarchive.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a user's own file: plain, or compressed by gzip or zstd. */
public final class LogFile implements AutoCloseable {
  private static final byte[] TIMESTAMP = "\"@timestamp\"".getBytes(StandardCharsets.US_ASCII);

  /** What a log's own {@code @timestamp} becomes where another field is named for it. */
  private static final byte[] OTHER = "\"original_timestamp\"".getBytes(StandardCharsets.US_ASCII);

  private static final JsonFactory JSON = new JsonFactory();

  private final InputStream in;
  private final @Nullable String timestampField;

  private LogFile(InputStream in, @Nullable String timestampField) {
    this.in = in;
    this.timestampField = timestampField;
  }

  /**
   * Opens a file.
   *
   * @param timestampField the key that holds the event time, sent as {@code @timestamp}; null if it
   *     is called that
   */
  public static LogFile open(Path file, @Nullable String timestampField) throws IOException {
    InputStream stored = Files.newInputStream(file);
    try {
      String name = file.toString().toLowerCase(Locale.ROOT);
      InputStream plain =
          name.endsWith(".gz")
              ? new GZIPInputStream(stored, 64 << 10)
              : name.endsWith(".zst") ? new ZstdInputStreamNoFinalizer(stored) : stored;
      return new LogFile(new BufferedInputStream(plain, 1 << 20), timestampField);
    } catch (IOException e) {
      stored.close();
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The next line, with its line end; null at the end. */
  public byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        return renamed(line.toByteArray());
      }
    }
    if (line.size() == 0) {
      return null;
    }
    line.write('\n');
    return renamed(line.toByteArray());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private byte[] renamed(byte[] line) {
    String field = timestampField;
    if (field == null) {
      return line;
    }
    int timestamp = -1;
    int named = -1;
    // A line that is no JSON object stays as it is: the service says so when it comes there.
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return line;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        if (parser.currentName().equals(field)) {
          named = start;
        } else if (parser.currentName().equals("@timestamp")) {
          timestamp = start;
        }
        parser.nextToken();
        parser.skipChildren();
      }
    } catch (IOException e) {
      return line;
    }
    if (named < 0) {
      return line;
    }
    if (timestamp < 0) {
      return renamed(line, named, TIMESTAMP);
    }
    // The later one first, so that the other's place stays right.
    return timestamp > named
        ? renamed(renamed(line, timestamp, OTHER), named, TIMESTAMP)
        : renamed(renamed(line, named, TIMESTAMP), timestamp, OTHER);
  }

  /** The key that starts at its quote, replaced. */
  private static byte[] renamed(byte[] line, int start, byte[] key) {
    int end = start + 1;
    while (line[end] != '"') {
      end += line[end] == '\\' ? 2 : 1;
    }
    end++;
    byte[] renamed = Arrays.copyOf(line, line.length - (end - start) + key.length);
    System.arraycopy(key, 0, renamed, start, key.length);
    System.arraycopy(line, end, renamed, start + key.length, line.length - end);
    return renamed;
  }
}
