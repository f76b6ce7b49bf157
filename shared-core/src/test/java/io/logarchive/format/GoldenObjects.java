package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.logarchive.format.StoredObject.ReadLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the golden files of format version 1 hold, one object per compression. The files were
 * written once, by {@link #main}; from then on every version of the reader reads them, and nobody
 * writes them again.
 */
final class GoldenObjects {
  private static final long ARRIVAL = 1_795_366_999_250L;

  private GoldenObjects() {}

  /** Each list is a block. */
  static List<List<String>> blocks(Compression compression) {
    return switch (compression) {
      case ZSTD ->
          List.of(
              List.of(
                  "{\"@timestamp\":\"2026-11-22T17:00:00Z\",\"type\":\"web\",\"status\":200}",
                  "{\"type\":\"web\",\"@timestamp\":\"2026-11-22t18:30:00.1239+01:30\",\"status\":404}",
                  "{ \"@timestamp\" : 1795366800.5, \"type\" : null, \"nested\" : {\"@timestamp\": 0} }",
                  utf8(
                      "{\"@timestamp\":\"1795366801000\",\"type\":\"text\",\"message\":\"ümläut → 😀\"}")),
              List.of(
                  "{\"\\u0040timestamp\":1.795370399999e12,\"type\":\"escape\",\"quote\":\"\\\"\\\\\"}",
                  "{\"@timestamp\":1795366802,\"type\":\"twice\",\"@timestamp\":0}",
                  "{\"@timestamp\":1795366803,\"type\":\"no utf-8\",\"bytes\":\"\u00ff\u00c3(\"}"),
              List.of("{\"@timestamp\":1795366804,\"type\":\"same\"}"),
              List.of("{\"@timestamp\":1795366804,\"type\":\"same\"}"));
      case GZIP ->
          List.of(
              List.of(
                  "{\"@timestamp\":\"2026-11-22T17:03:19.250Z\",\"type\":\"http-bulk\"}",
                  "{\"type\":\"http-bulk\",\"@timestamp\":\"yesterday\"}",
                  "{\"type\":\"http-bulk\",\"@timestamp\":\"1969-12-31T23:59:59Z\"}"),
              List.of("{\"type\":\"http-bulk\",\"@timestamp\":\"9999-01-01T00:00:00Z\"}"));
      case NONE ->
          List.of(
              List.of(
                  "{\"@timestamp\":\"2026-11-22T17:00:07Z\",\"type\":\"plain\",\"n\":[1,2.5e3]}",
                  "{\"@timestamp\":\"2026-11-22T17:00:06Z\",\"type\":\"plain\",\"n\":[]}"));
    };
  }

  static StoredObject object(Compression compression) {
    List<Block> blocks = new ArrayList<>();
    try (BlockCompressor compressor = BlockCompressor.of(compression)) {
      for (List<String> lines : blocks(compression)) {
        BlockWriter writer = new BlockWriter(compressor);
        for (String line : lines) {
          byte[] bytes = line.getBytes(ISO_8859_1);
          writer.add(
              bytes, 0, bytes.length, compression == Compression.GZIP ? ARRIVAL : time(bytes));
        }
        Block block = writer.finish().getFirst();
        boolean copy =
            blocks.stream().anyMatch(other -> Arrays.equals(other.stored(), block.stored()));
        blocks.add(copy ? copyOf(block, compressor) : block);
      }
    }
    return new StoredObject(StoredObject.name(compression, blocks), blocks);
  }

  private static Block copyOf(Block block, BlockCompressor compressor) {
    return new Block(
        compressor.copy(block.stored(), 1),
        block.rawLength(),
        block.lines(),
        block.min(),
        block.max());
  }

  /** A line for each log: its document's id, its time and its bytes. */
  static List<String> expectation(ObjectName name, byte[] stored) {
    List<String> rows = new ArrayList<>();
    for (ReadLine line : StoredObject.read(name, stored).lines()) {
      long time = name.timeOf(time(line.text().getBytes(ISO_8859_1)));
      rows.add(line.id() + ' ' + time + ' ' + line.text());
    }
    return rows;
  }

  static long time(byte[] log) {
    LogScanner scanner = new LogScanner(log.length);
    scanner.reset(log, 0, log.length);
    if (scanner.next() != LogScanner.Kind.LOG) {
      throw new IllegalArgumentException("no log: " + new String(log, ISO_8859_1));
    }
    return EventTime.parse(log, scanner.timestampStart(), scanner.timestampEnd());
  }

  private static String utf8(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** Writes the golden files into a directory. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    for (Compression compression : Compression.values()) {
      StoredObject object = object(compression);
      Path path = directory.resolve(object.name().path());
      Files.createDirectories(path.getParent());
      Files.write(path, object.bytes());
      String rows = String.join("\n", expectation(object.name(), object.bytes())) + "\n";
      Files.writeString(directory.resolve(compression + ".expected"), rows, ISO_8859_1);
    }
  }
}
