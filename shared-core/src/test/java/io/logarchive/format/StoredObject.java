package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.logarchive.format.Piece.Damage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * An object as a writer stored it, and what a reader makes of it. One char of a line is one byte.
 */
record StoredObject(ObjectName name, List<Block> blocks) {
  static final String UID = "9f2c4d6b8a0e1f3c5d7b9a8c6e4f2d10";
  static final long TIME = 1_795_366_800_000L;

  /** A line as it was read, with its document's id. */
  record ReadLine(String text, String id) {}

  /** What was read, and what was not. */
  record Content(List<ReadLine> lines, List<Damage> damages) {
    List<String> texts() {
      return lines.stream().map(ReadLine::text).toList();
    }

    List<String> ids() {
      return lines.stream().map(ReadLine::id).toList();
    }
  }

  /** The lines of one writer, which are one block if they are few. */
  static StoredObject of(Compression compression, List<String> lines) {
    return ofBlocks(compression, List.of(lines));
  }

  /** Each list makes at least one block of its own. */
  static StoredObject ofBlocks(Compression compression, List<List<String>> blocksOfLines) {
    List<Block> blocks = new ArrayList<>();
    try (BlockCompressor compressor = BlockCompressor.of(compression)) {
      for (List<String> lines : blocksOfLines) {
        blocks.addAll(blocks(compressor, lines));
      }
    }
    return new StoredObject(name(compression, blocks), blocks);
  }

  static List<Block> blocks(BlockCompressor compressor, List<String> lines) {
    BlockWriter writer = new BlockWriter(compressor);
    for (int i = 0; i < lines.size(); i++) {
      byte[] bytes = lines.get(i).getBytes(ISO_8859_1);
      writer.add(bytes, 0, bytes.length, TIME + i % 1000);
    }
    return writer.finish();
  }

  static ObjectName name(Compression compression, List<Block> blocks) {
    return new ObjectName(
        blocks.stream().mapToLong(Block::min).min().orElseThrow(),
        blocks.stream().mapToLong(Block::max).max().orElseThrow(),
        blocks.stream().mapToLong(Block::lines).sum(),
        blocks.stream().mapToLong(Block::rawLength).sum(),
        Block.batchId(UID, blocks),
        compression);
  }

  /** Logs as services write them: alike, and yet no two the same. */
  static List<String> logs(int count, long seed) {
    Random random = new Random(seed);
    String[] paths = {"/", "/cart", "/checkout", "/product/", "/search?q=", "/static/app.js"};
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "{\"@timestamp\":\"2026-11-22T17:%02d:%02d.%03dZ\",\"type\":\"web\",\"status\":%d,"
                  + "\"path\":\"%s%d\",\"took\":%.2f,\"client\":{\"ip\":\"10.%d.%d.%d\"},"
                  + "\"message\":\"request %d served\"}",
              i / 1000 / 60 % 60,
              i / 1000 % 60,
              i % 1000,
              random.nextInt(10) == 0 ? 500 : 200,
              paths[random.nextInt(paths.length)],
              random.nextInt(1000),
              random.nextDouble() * 100,
              random.nextInt(256),
              random.nextInt(256),
              random.nextInt(256),
              random.nextInt(1_000_000)));
    }
    return lines;
  }

  /** A log that no compressor makes much smaller. */
  static String noise(int length, long seed) {
    Random random = new Random(seed);
    char[] text = new char[length - 8];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) (0x80 + random.nextInt(0x80));
    }
    return "{\"a\":\"" + new String(text) + "\"}";
  }

  byte[] bytes() {
    return join(blocks.stream().map(Block::stored).toList());
  }

  static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  Content read() {
    return read(name, bytes());
  }

  static Content read(ObjectName name, byte[] stored) {
    return read(name, BlockPosition.START, stored, BlockReader.Limits.DEFAULT);
  }

  /**
   * @param stored the whole object, wherever reading starts
   */
  static Content read(
      ObjectName name, BlockPosition from, byte[] stored, BlockReader.Limits limits) {
    int offset = (int) from.storedOffset();
    ByteArrayInputStream in = new ByteArrayInputStream(stored, offset, stored.length - offset);
    List<ReadLine> lines = new ArrayList<>();
    List<Damage> damages = new ArrayList<>();
    LogScanner line = new LogScanner(BlockReader.MAX_LINE_BYTES);
    LogId ids = new LogId();
    try (BlockReader reader = new BlockReader(name, from, in, limits)) {
      for (Optional<Piece> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
        switch (piece.get()) {
          case Damage damage -> damages.add(damage);
          case Piece.Raw raw -> {
            line.reset(raw.bytes(), 0, raw.length());
            while (line.next() != LogScanner.Kind.END) {
              String text =
                  new String(raw.bytes(), line.start(), line.end() - line.start(), ISO_8859_1);
              String id = ids.of(raw.sourceHash(), raw.offsetOf(line.start()));
              lines.add(new ReadLine(text, id));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory do not fail to be read", e);
    }
    return new Content(lines, damages);
  }
}
