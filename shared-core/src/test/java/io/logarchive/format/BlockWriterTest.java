package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockWriterTest {
  /** Counts what another compressor is asked for. */
  private static final class Counting extends BlockCompressor {
    private final BlockCompressor compressor = BlockCompressor.of(Compression.ZSTD);
    private long raw;
    private int blocks;

    @Override
    byte[] compress(byte[] bytes, int from, int to) {
      raw += to - from;
      blocks++;
      return compressor.compress(bytes, from, to);
    }

    @Override
    byte[] copy(byte[] stored, int n) {
      return compressor.copy(stored, n);
    }

    @Override
    public void close() {
      compressor.close();
    }
  }

  @Test
  void ordinaryLogsAreCompressedOnce() {
    try (Counting compressor = new Counting()) {
      List<Block> blocks = StoredObject.blocks(compressor, StoredObject.logs(60_000, 1));
      assertThat(blocks).hasSizeGreaterThan(2);
      assertThat(compressor.blocks).isEqualTo(blocks.size());
      assertThat(compressor.raw).isEqualTo(blocks.stream().mapToLong(Block::rawLength).sum());
      assertThat(blocks.getFirst().rawLength()).isBetween(Block.MAX_RAW - 1000, Block.MAX_RAW);
    }
  }

  @Test
  void logsThatCompressBadlyAreCompressedTwiceForTheFirstBlockOnly() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      lines.add(StoredObject.noise(5_000, i));
    }
    try (Counting compressor = new Counting()) {
      List<Block> blocks = StoredObject.blocks(compressor, lines);
      long raw = blocks.stream().mapToLong(Block::rawLength).sum();
      assertThat(raw).isEqualTo(2_000 * 5_001);
      assertThat(blocks.stream().mapToLong(Block::lines).sum()).isEqualTo(2_000);
      assertThat(blocks).allMatch(block -> block.stored().length <= Block.MAX_STORED);
      assertThat(compressor.raw).isBetween(raw + Block.MAX_RAW, raw + 3L * Block.MAX_RAW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void blocksHoldWholeLinesAndKnowTheirTimes(Compression compression) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      lines.add(StoredObject.noise(20_000, i));
    }
    StoredObject object = StoredObject.of(compression, lines);
    assertThat(object.blocks()).hasSizeGreaterThan(5);
    assertThat(object.read().texts()).isEqualTo(lines);
    int line = 0;
    for (Block block : object.blocks()) {
      assertThat(block.stored().length).isLessThanOrEqualTo(Block.MAX_STORED);
      assertThat(block.rawLength()).isEqualTo(block.lines() * 20_001);
      assertThat(block.min()).isEqualTo(StoredObject.TIME + line);
      line += block.lines();
      assertThat(block.max()).isEqualTo(StoredObject.TIME + line - 1);
    }
    assertThat(line).isEqualTo(300);
  }

  @ParameterizedTest
  @EnumSource
  void theSameLinesMakeTheSameBlocks(Compression compression) {
    List<String> lines = StoredObject.logs(30_000, 2);
    StoredObject object = StoredObject.of(compression, lines);
    try (BlockCompressor used = BlockCompressor.of(compression)) {
      StoredObject.blocks(used, StoredObject.logs(100, 3));
      StoredObject.blocks(used, List.of(StoredObject.noise(700_000, 4)));
      List<Block> again = StoredObject.blocks(used, lines);
      assertThat(StoredObject.name(compression, again)).isEqualTo(object.name());
      assertThat(hashes(again)).isEqualTo(hashes(object.blocks()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyOneOfManyEqualLinesKeepsAnIdOfItsOwn(Compression compression) {
    List<String> lines = Collections.nCopies(250_000, "{\"message\":\"the same again and again\"}");
    StoredObject object = StoredObject.of(compression, lines);
    assertThat(object.blocks()).hasSizeGreaterThan(2);
    StoredObject.Content content = object.read();
    assertThat(content.damages()).isEmpty();
    assertThat(content.texts()).isEqualTo(lines);
    assertThat(content.ids()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void evenEqualLinesThatFillABlockAloneKeepIdsOfTheirOwn(Compression compression) {
    List<String> lines = Collections.nCopies(7, StoredObject.noise(BlockWriter.MAX_LINE_BYTES, 5));
    StoredObject object = StoredObject.of(compression, lines);
    StoredObject.Content content = object.read();
    assertThat(content.texts()).isEqualTo(lines);
    assertThat(content.ids()).doesNotHaveDuplicates();
  }

  @Test
  void framesAreOfLevel3WithSizeAndChecksum() {
    List<String> lines = StoredObject.logs(100, 6);
    byte[] raw = (String.join("\n", lines) + "\n").getBytes(ISO_8859_1);
    byte[] stored = StoredObject.of(Compression.ZSTD, lines).bytes();
    assertThat(Zstd.getFrameContentSize(stored)).isEqualTo(raw.length);
    assertThat(stored[4] & 0x04).as("checksum flag").isNotZero();
    assertThat(stored)
        .hasSizeBetween(Zstd.compress(raw, 3).length, Zstd.compress(raw, 3).length + 4);
    assertThat(Zstd.decompress(stored, raw.length)).isEqualTo(raw);
  }

  @Test
  void membersNameNeitherTimeNorSystem() throws Exception {
    List<String> lines = StoredObject.logs(100, 7);
    byte[] stored = StoredObject.of(Compression.GZIP, lines).bytes();
    assertThat(HexFormat.of().formatHex(stored, 0, 10)).isEqualTo("1f8b08000000000000ff");
    try (var in = new GZIPInputStream(new ByteArrayInputStream(stored))) {
      assertThat(new String(in.readAllBytes(), ISO_8859_1))
          .isEqualTo(String.join("\n", lines) + "\n");
    }
  }

  @Test
  void uncompressedBlocksAreTheLines() {
    assertThat(StoredObject.of(Compression.NONE, List.of("{}", "{\"a\":1}")).bytes())
        .isEqualTo("{}\n{\"a\":1}\n".getBytes(UTF_8));
  }

  @Test
  void membersAreSplicedInBehindTheFirstBrace() {
    assertThat(spliced("{\"a\":1}")).isEqualTo("{\"t\":0,\"a\":1}\n");
    assertThat(spliced("{ \"a\":1 }")).isEqualTo("{\"t\":0, \"a\":1 }\n");
    assertThat(spliced("{}")).isEqualTo("{\"t\":0}\n");
    assertThat(spliced("{ \t\r}")).isEqualTo("{\"t\":0 \t\r}\n");
    assertThatIllegalArgumentException().isThrownBy(() -> spliced("[]"));
    assertThatIllegalArgumentException().isThrownBy(() -> spliced(""));
  }

  @Test
  void onlyTheGivenRangeIsAdded() {
    try (BlockCompressor compressor = BlockCompressor.of(Compression.NONE)) {
      BlockWriter writer = new BlockWriter(compressor);
      writer.add("x{\"a\":1}x".getBytes(UTF_8), 1, 8, 5);
      writer.add("x{\"a\":2}x".getBytes(UTF_8), 1, 8, "\"b\":3".getBytes(UTF_8), 4);
      Block block = writer.finish().getFirst();
      assertThat(new String(block.stored(), UTF_8)).isEqualTo("{\"a\":1}\n{\"b\":3,\"a\":2}\n");
      assertThat(block.rawLength()).isEqualTo(22);
      assertThat(block.lines()).isEqualTo(2);
      assertThat(block.min()).isEqualTo(4);
      assertThat(block.max()).isEqualTo(5);
    }
  }

  @Test
  void withoutLinesThereAreNoBlocks() {
    try (BlockCompressor compressor = BlockCompressor.of(Compression.ZSTD)) {
      assertThat(new BlockWriter(compressor).finish()).isEmpty();
    }
  }

  @Test
  void aLineThatFitsIntoNoBlockIsABug() {
    try (BlockCompressor compressor = BlockCompressor.of(Compression.ZSTD)) {
      BlockWriter writer = new BlockWriter(compressor);
      byte[] line = StoredObject.noise(BlockWriter.MAX_LINE_BYTES + 1, 8).getBytes(ISO_8859_1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.add(line, 0, line.length, 0))
          .withMessageContaining(String.valueOf(BlockWriter.MAX_LINE_BYTES));
      byte[] member = "\"a\":1".getBytes(UTF_8);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.add(line, 0, line.length - 5, member, 0));
      assertThat(writer.finish()).isEmpty();
    }
  }

  @Property(tries = 60)
  void anyLinesComeBackAsTheyWere(
      @ForAll("lines") List<String> lines, @ForAll Compression compression) {
    StoredObject object = StoredObject.of(compression, lines);
    StoredObject.Content content = object.read();
    assertThat(content.damages()).isEmpty();
    assertThat(content.texts()).isEqualTo(lines);
    assertThat(content.ids()).doesNotHaveDuplicates();
    assertThat(object.name().lines()).isEqualTo(lines.size());
    assertThat(object.name().bytes())
        .isEqualTo(lines.stream().mapToLong(l -> l.length() + 1).sum());
    assertThat(object.blocks())
        .allMatch(block -> block.stored().length <= Block.MAX_STORED)
        .allMatch(block -> block.rawLength() <= Block.MAX_RAW);
  }

  @Provide
  static Arbitrary<List<String>> lines() {
    Arbitrary<String> small =
        Arbitraries.strings().withCharRange(' ', 'ÿ').excludeChars('"', '\\').ofMaxLength(300);
    Arbitrary<String> repeated =
        Combinators.combine(small, Arbitraries.integers().between(1, 1000)).as(String::repeat);
    Arbitrary<String> text = Arbitraries.frequencyOf(Tuple.of(10, small), Tuple.of(1, repeated));
    Arbitrary<String> noise =
        Combinators.combine(Arbitraries.integers().between(10, 700_000), Arbitraries.longs())
            .as(StoredObject::noise);
    Arbitrary<String> log =
        Arbitraries.frequencyOf(
            Tuple.of(100, text.map(t -> "{\"a\":\"" + t + "\"}")), Tuple.of(1, noise));
    return Combinators.combine(log.list().ofMinSize(1).ofMaxSize(60), Arbitraries.of(1, 1, 1, 50))
        .as((lines, times) -> repeated(lines, times));
  }

  /** So often, but no more than some blocks. */
  private static List<String> repeated(List<String> lines, int times) {
    List<String> all = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < times && bytes < 10_000_000; i++) {
      all.addAll(lines);
      bytes += lines.stream().mapToLong(String::length).sum();
    }
    return all;
  }

  private static String spliced(String log) {
    byte[] bytes = log.getBytes(UTF_8);
    try (BlockCompressor compressor = BlockCompressor.of(Compression.NONE)) {
      BlockWriter writer = new BlockWriter(compressor);
      writer.add(bytes, 0, bytes.length, "\"t\":0".getBytes(UTF_8), 0);
      return new String(writer.finish().getFirst().stored(), UTF_8);
    }
  }

  private static List<String> hashes(List<Block> blocks) {
    return blocks.stream().map(block -> HexFormat.of().formatHex(block.sha256())).toList();
  }
}
