package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.logarchive.format.BlockReader.Limits;
import io.logarchive.format.Piece.Damage;
import io.logarchive.format.Piece.Raw;
import io.logarchive.format.StoredObject.Content;
import io.logarchive.format.StoredObject.ReadLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockReaderTest {
  private static final Limits SMALL = new Limits(1 << 20, 1 << 10, 1 << 20);
  private static final List<String> LINES = StoredObject.logs(200, 1);

  @ParameterizedTest
  @EnumSource
  void everyLineIsReadWithTheIdItsPlaceGives(Compression compression) throws Exception {
    StoredObject object =
        StoredObject.ofBlocks(compression, List.of(LINES.subList(0, 50), LINES.subList(50, 200)));
    byte[] second = object.blocks().get(1).stored();
    byte[] source =
        MessageDigest.getInstance("SHA-256")
            .digest(
                compression == Compression.NONE ? object.name().path().getBytes(UTF_8) : second);
    long offset = compression == Compression.NONE ? object.blocks().get(0).rawLength() : 0;

    Content content = object.read();
    assertThat(content.damages()).isEmpty();
    assertThat(content.texts()).isEqualTo(LINES);
    assertThat(content.ids().get(50)).isEqualTo(new LogId().of(source, offset));
    assertThat(content.ids().get(51))
        .isEqualTo(new LogId().of(source, offset + LINES.get(50).length() + 1));
  }

  @ParameterizedTest
  @EnumSource
  void readingGoesOnFromEveryLine(Compression compression) throws IOException {
    StoredObject object =
        StoredObject.ofBlocks(
            compression,
            List.of(LINES.subList(0, 20), LINES.subList(20, 21), LINES.subList(21, 40)));
    readingGoesOnFromEveryLine(object.name(), object.bytes(), Limits.DEFAULT);
  }

  @Test
  void readingGoesOnFromEveryLineOfALargeBlock() throws IOException {
    StoredObject whole = StoredObject.of(Compression.NONE, LINES.subList(0, 60));
    readingGoesOnFromEveryLine(whole.name(), whole.bytes(), SMALL);
    readingGoesOnFromEveryLine(
        whole.name(), StoredObject.join(List.of(zstd(whole.bytes()), zstd(new byte[0]))), SMALL);
    readingGoesOnFromEveryLine(whole.name(), gzip(whole.bytes()), SMALL);
  }

  private static void readingGoesOnFromEveryLine(ObjectName name, byte[] stored, Limits limits)
      throws IOException {
    List<ReadLine> all = StoredObject.read(name, BlockPosition.START, stored, limits).lines();
    assertThat(all).hasSize((int) name.lines());
    int done = 0;
    LogScanner line = new LogScanner(BlockReader.MAX_LINE_BYTES);
    for (Raw raw : raws(name, stored, limits)) {
      line.reset(raw.bytes(), 0, raw.length());
      while (line.next() != LogScanner.Kind.END) {
        done++;
        int behind = Math.min(line.end() + 1, raw.length());
        Content rest = StoredObject.read(name, raw.positionOf(behind), stored, limits);
        assertThat(rest.damages()).isEmpty();
        assertThat(rest.lines()).isEqualTo(all.subList(done, all.size()));
      }
    }
    assertThat(done).isEqualTo(all.size());
  }

  @Test
  void theFirstBytesCountAndNotTheName() {
    StoredObject zstd = StoredObject.of(Compression.ZSTD, LINES);
    StoredObject gzip = StoredObject.of(Compression.GZIP, LINES);
    StoredObject plain = StoredObject.of(Compression.NONE, LINES);
    for (ObjectName name : List.of(zstd.name(), gzip.name(), plain.name())) {
      for (StoredObject object : List.of(zstd, gzip, plain)) {
        Content content = StoredObject.read(name, object.bytes());
        assertThat(content.texts()).isEqualTo(LINES);
        assertThat(content.damages()).isEmpty();
      }
    }
  }

  @Test
  void framesAndMembersMayFollowEachOther() {
    StoredObject zstd = StoredObject.of(Compression.ZSTD, LINES.subList(0, 100));
    StoredObject gzip = StoredObject.of(Compression.GZIP, LINES.subList(100, 200));
    byte[] both = StoredObject.join(List.of(zstd.bytes(), gzip.bytes()));
    ObjectName name = StoredObject.of(Compression.NONE, LINES).name();
    assertThat(StoredObject.read(name, both).texts()).isEqualTo(LINES);
    assertThat(StoredObject.read(name, both).damages()).isEmpty();
  }

  @Test
  void blocksOfOtherWritersAreRead() throws IOException {
    StoredObject plain = StoredObject.of(Compression.NONE, LINES);
    byte[] raw = plain.bytes();
    for (byte[] stored :
        List.of(
            Zstd.compress(raw, 19),
            Zstd.compress(raw, -5),
            zstd(raw),
            gzip(raw),
            gzipWithEveryHeaderField(raw),
            StoredObject.join(List.of(skippable(0), Zstd.compress(raw), skippable(1000))),
            StoredObject.join(List.of(zstd(new byte[0]), gzip(new byte[0]), Zstd.compress(raw))))) {
      for (Limits limits : List.of(Limits.DEFAULT, SMALL)) {
        Content content = StoredObject.read(plain.name(), BlockPosition.START, stored, limits);
        assertThat(content.damages()).isEmpty();
        assertThat(content.texts()).isEqualTo(LINES);
        assertThat(content.ids()).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aBlockThatIsReadInPiecesGivesTheIdsOfOneReadWhole() throws IOException {
    StoredObject plain = StoredObject.of(Compression.NONE, LINES);
    for (byte[] stored : List.of(plain.bytes(), zstd(plain.bytes()), gzip(plain.bytes()))) {
      assertThat(raws(plain.name(), stored, SMALL)).hasSizeGreaterThan(20);
      assertThat(StoredObject.read(plain.name(), BlockPosition.START, stored, SMALL))
          .isEqualTo(StoredObject.read(plain.name(), stored));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLastLineWithoutLineEndIsRead(Compression compression) throws IOException {
    ObjectName name = new ObjectName(0, 0, 2, 6, "0".repeat(32), compression);
    byte[] raw = "{}\n{} ".getBytes(UTF_8);
    byte[] stored =
        switch (compression) {
          case ZSTD -> zstd(raw);
          case GZIP -> gzip(raw);
          case NONE -> raw;
        };
    assertThat(StoredObject.read(name, stored).texts()).containsExactly("{}", "{}");
    assertThat(StoredObject.read(name, stored).damages()).isEmpty();
  }

  @Test
  void aDamagedBlockCostsItselfOnly() {
    for (Compression compression : List.of(Compression.ZSTD, Compression.GZIP)) {
      StoredObject object =
          StoredObject.ofBlocks(
              compression,
              List.of(LINES.subList(0, 50), LINES.subList(50, 90), LINES.subList(90, 200)));
      byte[] stored = object.bytes();
      int start = object.blocks().get(0).stored().length;
      int length = object.blocks().get(1).stored().length;
      for (int at : new int[] {0, 1, 4, 5, 20, length / 2, length - 5, length - 1}) {
        byte[] damaged = stored.clone();
        damaged[start + at] ^= 0x55;
        Content content = StoredObject.read(object.name(), damaged);
        List<String> others = new ArrayList<>(LINES.subList(0, 50));
        others.addAll(LINES.subList(90, 200));
        if (compression == Compression.GZIP && (at == 4 || at == 5)) {
          // The member's time, of which no checksum knows.
          assertThat(content.texts()).isEqualTo(LINES);
          continue;
        }
        assertThat(content.texts()).as("%s byte %d", compression, at).isEqualTo(others);
        assertThat(content.damages()).hasSize(2);
        assertThat(content.damages().getFirst().storedOffset()).isEqualTo(start);
        assertThat(content.damages().getLast().reason()).contains("bytes that the object's name");
      }
    }
  }

  @Test
  void aLostBlockIsNoticed() {
    StoredObject object =
        StoredObject.ofBlocks(
            Compression.ZSTD, List.of(LINES.subList(0, 50), LINES.subList(50, 200)));
    byte[] first = object.blocks().getFirst().stored();
    Content content = StoredObject.read(object.name(), first);
    assertThat(content.texts()).isEqualTo(LINES.subList(0, 50));
    assertThat(content.damages())
        .extracting(Damage::storedOffset)
        .containsExactly((long) first.length);
    assertThat(StoredObject.read(object.name(), new byte[0]).damages()).hasSize(1);
  }

  @Test
  void anObjectThatIsCutOffGivesItsWholeBlocks() {
    for (Compression compression : List.of(Compression.ZSTD, Compression.GZIP)) {
      StoredObject object =
          StoredObject.ofBlocks(compression, List.of(LINES.subList(0, 1), LINES.subList(1, 3)));
      byte[] stored = object.bytes();
      int first = object.blocks().getFirst().stored().length;
      for (int length = 0; length < stored.length; length++) {
        Content content = StoredObject.read(object.name(), Arrays.copyOf(stored, length));
        assertThat(content.texts()).isEqualTo(LINES.subList(0, length < first ? 0 : 1));
        assertThat(content.damages()).isNotEmpty();
      }
    }
  }

  @Test
  void anUncompressedObjectThatIsCutOffIsNoticed() {
    StoredObject object = StoredObject.of(Compression.NONE, LINES);
    byte[] stored = Arrays.copyOf(object.bytes(), object.bytes().length - 1);
    assertThat(StoredObject.read(object.name(), stored).texts()).isEqualTo(LINES);
    assertThat(StoredObject.read(object.name(), stored).damages()).hasSize(1);
  }

  @Test
  void anObjectWithMoreThanItsNameTellsIsReadNoFurther() throws IOException {
    byte[] raw = StoredObject.of(Compression.NONE, LINES).bytes();
    long bytes = raw.length;
    for (byte[] stored : List.of(raw, Zstd.compress(raw), zstd(raw), gzip(raw))) {
      for (Limits limits : List.of(Limits.DEFAULT, SMALL)) {
        Content within =
            StoredObject.read(named(bytes * 10 / 11 + 1), BlockPosition.START, stored, limits);
        assertThat(within.texts()).isEqualTo(LINES);
        assertThat(within.damages()).isEmpty();
        Content over =
            StoredObject.read(named(bytes * 10 / 11 - 10), BlockPosition.START, stored, limits);
        assertThat(over.texts()).hasSizeLessThan(LINES.size());
        assertThat(LINES.subList(0, over.texts().size())).isEqualTo(over.texts());
        assertThat(over.damages()).hasSize(1);
        assertThat(over.damages().getFirst().reason()).contains("1.1 times");
      }
    }
  }

  @Test
  void aBombIsNotInflated() throws IOException {
    byte[] zeros = new byte[3 << 20];
    for (byte[] stored : List.of(Zstd.compress(zeros), zstd(zeros), gzip(zeros))) {
      Content content = StoredObject.read(named(1000), BlockPosition.START, stored, SMALL);
      assertThat(content.lines()).isEmpty();
      assertThat(content.damages())
          .extracting(Damage::reason)
          .allMatch(r -> r.contains("1.1 times"));
    }
  }

  @Test
  void aWindowOver8MibIsDamage() {
    byte[] raw = new byte[20 << 20];
    Arrays.fill(raw, (byte) ' ');
    for (int i = 0; i < raw.length; i += 1000) {
      raw[i] = '\n';
    }
    for (int windowLog : new int[] {23, 24}) {
      try (ZstdCompressCtx context = new ZstdCompressCtx().setWindowLog(windowLog)) {
        byte[] stored =
            StoredObject.join(
                List.of(context.compress(raw), Zstd.compress("{}\n".getBytes(UTF_8))));
        Content content = StoredObject.read(named(raw.length), stored);
        if (windowLog == 23) {
          assertThat(content.damages()).isEmpty();
        } else {
          assertThat(content.damages().getFirst().reason()).contains("window");
        }
        assertThat(content.texts()).contains("{}");
      }
    }
  }

  @Test
  void aBlockOfTooManyStoredBytesIsDamage() throws IOException {
    StoredObject object =
        StoredObject.ofBlocks(
            Compression.GZIP, List.of(List.of(StoredObject.noise(5_000, 1)), List.of("{}")));
    for (Compression compression : List.of(Compression.ZSTD, Compression.GZIP)) {
      byte[] raw = object.read().texts().getFirst().getBytes(ISO_8859_1);
      byte[] large = compression == Compression.ZSTD ? zstd(raw) : gzip(raw);
      byte[] stored = StoredObject.join(List.of(large, zstd("{}\n".getBytes(UTF_8))));
      Limits limits = new Limits(2_000, 8_000, 1 << 20);
      Content content = StoredObject.read(object.name(), BlockPosition.START, stored, limits);
      assertThat(content.texts()).containsExactly("{}");
      assertThat(content.damages().getFirst().reason()).contains("over 2000 stored bytes");
    }
  }

  @Test
  void aLineThatFillsAPieceIsDamageAndCostsItselfOnly() throws IOException {
    List<String> lines = new ArrayList<>(LINES.subList(0, 10));
    lines.add(StoredObject.noise(5_000, 2));
    lines.addAll(LINES.subList(10, 20));
    StoredObject plain = StoredObject.of(Compression.NONE, lines);
    for (byte[] stored : List.of(plain.bytes(), zstd(plain.bytes()), gzip(plain.bytes()))) {
      Content content = StoredObject.read(plain.name(), BlockPosition.START, stored, SMALL);
      assertThat(content.texts()).isEqualTo(LINES.subList(0, 20));
      assertThat(content.damages())
          .extracting(Damage::reason)
          .containsExactly("a line has over 1024 bytes");
    }
  }

  @Test
  void damageBehindALargeBlockIsFound() throws IOException {
    StoredObject plain = StoredObject.of(Compression.NONE, LINES);
    byte[] large = zstd(plain.bytes());
    byte[] stored =
        StoredObject.join(List.of(large, "rubbish".getBytes(UTF_8), gzip("{}\n".getBytes(UTF_8))));
    Content content = StoredObject.read(plain.name(), BlockPosition.START, stored, SMALL);
    assertThat(content.texts()).startsWith(LINES.getFirst()).endsWith("{}").hasSize(201);
    assertThat(content.damages())
        .extracting(Damage::storedOffset)
        .containsExactly((long) large.length);
  }

  @Test
  void aDamagedLargeBlockGivesNoLines() throws IOException {
    StoredObject plain = StoredObject.of(Compression.NONE, LINES);
    for (byte[] large : List.of(zstd(plain.bytes()), gzip(plain.bytes()))) {
      large[large.length - 3] ^= 1;
      byte[] stored = StoredObject.join(List.of(large, gzip("{}\n".getBytes(UTF_8))));
      Content content = StoredObject.read(plain.name(), BlockPosition.START, stored, SMALL);
      assertThat(content.texts()).containsExactly("{}");
      assertThat(content.damages()).hasSize(2);
    }
  }

  @Test
  void aPlainObjectWithARubbishStartIsReadIfItsNameSaysSo() {
    StoredObject plain = StoredObject.of(Compression.NONE, LINES);
    byte[] stored = plain.bytes();
    stored[0] = '?';
    assertThat(StoredObject.read(plain.name(), stored).texts().subList(1, 200))
        .isEqualTo(LINES.subList(1, 200));
    ObjectName zstd = StoredObject.of(Compression.ZSTD, LINES).name();
    assertThat(StoredObject.read(zstd, stored).texts()).isEmpty();
    assertThat(StoredObject.read(zstd, stored).damages()).hasSize(2);
  }

  @Test
  void whatTheStreamCannotGiveIsThrown() throws IOException {
    StoredObject object = StoredObject.of(Compression.ZSTD, LINES);
    InputStream failing =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    try (BlockReader reader = new BlockReader(object.name(), failing)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(reader::next)
          .withMessage("connection reset");
    }
  }

  @Test
  void theStreamIsClosedWithTheReader() throws IOException {
    boolean[] closed = new boolean[1];
    InputStream in =
        new ByteArrayInputStream("{}\n".getBytes(UTF_8)) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    BlockReader reader = new BlockReader(named(3), in);
    assertThat(reader.next()).isPresent();
    reader.close();
    assertThat(closed[0]).isTrue();
  }

  @Test
  void manyFalseStartsAreGivenUpInTheEnd() {
    // Each is a member whose stored content is the next one's header, and so on to the end.
    ByteBuffer starts = ByteBuffer.allocate(100 << 10).order(ByteOrder.LITTLE_ENDIAN);
    byte[] start = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, (byte) ~10, (byte) 0xff};
    while (starts.remaining() > start.length) {
      starts.put(start);
    }
    Content content = StoredObject.read(named(3), BlockPosition.START, starts.array(), SMALL);
    assertThat(content.lines()).isEmpty();
    assertThat(content.damages()).hasSize(2);
    assertThat(content.damages().getLast().storedOffset()).isLessThan(50_000);
  }

  @Property(tries = 500)
  void whateverHappensToABlockCostsItselfOnly(
      @ForAll("compressions") Compression compression,
      @ForAll @IntRange(min = 1, max = 5) int blocks,
      @ForAll @IntRange(max = 4) int anyBlock,
      @ForAll("changes") Change change,
      @ForAll boolean inPieces) {
    int victim = anyBlock % blocks;
    List<List<String>> linesOfBlocks = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      linesOfBlocks.add(StoredObject.logs(1 + (i * 7) % 20, i));
    }
    StoredObject object = StoredObject.ofBlocks(compression, linesOfBlocks);
    List<byte[]> stored = new ArrayList<>(object.blocks().stream().map(Block::stored).toList());
    stored.set(victim, change.apply(stored.get(victim)));

    List<String> before = new ArrayList<>();
    linesOfBlocks.subList(0, victim).forEach(before::addAll);
    List<String> behind = new ArrayList<>();
    linesOfBlocks.subList(victim + 1, blocks).forEach(behind::addAll);
    Content content =
        StoredObject.read(
            object.name(),
            BlockPosition.START,
            StoredObject.join(stored),
            inPieces ? SMALL : Limits.DEFAULT);
    List<String> texts = content.texts();
    int gained = texts.size() - before.size() - behind.size();
    assertThat(gained).isNotNegative();
    assertThat(texts.subList(0, before.size())).isEqualTo(before);
    assertThat(texts.subList(before.size() + gained, texts.size())).isEqualTo(behind);
    if (gained == 0) {
      assertThat(content.damages()).isNotEmpty();
    } else if (!isFrameWithoutChecksum(stored.get(victim))) {
      // The change met nothing that counts.
      assertThat(texts.subList(before.size(), before.size() + gained))
          .isEqualTo(linesOfBlocks.get(victim));
    }
  }

  /** Where the change took away the checksum too, nothing can tell. */
  private static boolean isFrameWithoutChecksum(byte[] block) {
    return block.length > 4 && block[0] == 0x28 && (block[4] & 0x04) == 0;
  }

  @Property(tries = 500)
  void noBytesMakeItFail(
      @ForAll("beginnings") byte[] beginning,
      @ForAll @Size(max = 400) byte[] bytes,
      @ForAll Compression compression,
      @ForAll @IntRange(max = 3) int offset) {
    byte[] stored = StoredObject.join(List.of(beginning, bytes, beginning));
    ObjectName name = new ObjectName(0, 0, 1, 1000, "0".repeat(32), compression);
    Content content = StoredObject.read(name, stored);
    assertThat(content).isEqualTo(StoredObject.read(name, stored));
    StoredObject.read(
        name, new BlockPosition(Math.min(offset, stored.length), offset, offset), stored, SMALL);
  }

  @Property(tries = 200)
  void anyMixOfBlocksIsReadInOrder(@ForAll("mixes") List<byte[]> blocks, @ForAll boolean inPieces) {
    Content content =
        StoredObject.read(
            named(1_000_000),
            BlockPosition.START,
            StoredObject.join(blocks),
            inPieces ? SMALL : Limits.DEFAULT);
    List<String> lines = new ArrayList<>();
    for (byte[] block : blocks) {
      lines.addAll(StoredObject.read(named(1_000_000), block).texts());
    }
    assertThat(content.texts()).isEqualTo(lines);
    assertThat(content.damages()).extracting(Damage::reason).allMatch(r -> r.startsWith("of the "));
  }

  @Provide
  Arbitrary<Compression> compressions() {
    return Arbitraries.of(Compression.ZSTD, Compression.GZIP);
  }

  /** What a disk, a network or a hand may do to a block. */
  private interface Change {
    byte[] apply(byte[] block);
  }

  @Provide
  Arbitrary<Change> changes() {
    Arbitrary<Double> where = Arbitraries.doubles().between(0, 0.99);
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(30);
    return Arbitraries.oneOf(
        Combinators.combine(where, Arbitraries.integers().between(0, 7))
            .as(
                (w, bit) ->
                    block -> {
                      byte[] changed = block.clone();
                      changed[(int) (w * block.length)] ^= (byte) (1 << bit);
                      return changed;
                    }),
        Combinators.combine(where, bytes)
            .as(
                (w, written) ->
                    block -> {
                      byte[] changed = block.clone();
                      int at = (int) (w * block.length);
                      int length = Math.min(written.length, block.length - at);
                      System.arraycopy(written, 0, changed, at, length);
                      return changed;
                    }),
        Combinators.combine(where, bytes)
            .as(
                (w, inserted) ->
                    block -> {
                      int at = (int) (w * block.length);
                      return StoredObject.join(
                          List.of(
                              Arrays.copyOf(block, at),
                              inserted,
                              Arrays.copyOfRange(block, at, block.length)));
                    }),
        Combinators.combine(where, where)
            .as(
                (a, b) ->
                    block -> {
                      int from = (int) (Math.min(a, b) * block.length);
                      int to = (int) (Math.max(a, b) * block.length) + 1;
                      return StoredObject.join(
                          List.of(
                              Arrays.copyOf(block, from),
                              Arrays.copyOfRange(block, to, block.length)));
                    }),
        Arbitraries.just(block -> new byte[block.length]));
  }

  @Provide
  Arbitrary<byte[]> beginnings() throws IOException {
    byte[] raw = "{\"a\":1}\n".getBytes(UTF_8);
    List<byte[]> whole =
        List.of(
            Zstd.compress(raw),
            zstd(raw),
            gzip(raw),
            gzipWithEveryHeaderField(raw),
            skippable(5),
            raw);
    return Combinators.combine(Arbitraries.of(whole), Arbitraries.integers().between(0, 60))
        .as((bytes, length) -> Arrays.copyOf(bytes, Math.min(length, bytes.length)));
  }

  @Provide
  Arbitrary<List<byte[]>> mixes() {
    Arbitrary<byte[]> raw =
        Combinators.combine(
                Arbitraries.integers().between(0, 30), Arbitraries.longs().between(0, 99))
            .as((count, seed) -> String.join("\n", StoredObject.logs(count, seed)).getBytes(UTF_8));
    return Combinators.combine(raw, Arbitraries.of(0, 1, 2, 3, 4))
        .as(
            (bytes, writer) -> {
              try {
                return switch (writer) {
                  case 0 -> Zstd.compress(bytes);
                  case 1 -> zstd(bytes);
                  case 2 -> gzip(bytes);
                  case 3 -> gzipWithEveryHeaderField(bytes);
                  default -> skippable(bytes.length);
                };
              } catch (IOException e) {
                throw new IllegalStateException("memory does not fail to be written", e);
              }
            })
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  private static List<Raw> raws(ObjectName name, byte[] stored, Limits limits) throws IOException {
    List<Raw> raws = new ArrayList<>();
    try (BlockReader reader =
        new BlockReader(name, BlockPosition.START, new ByteArrayInputStream(stored), limits)) {
      for (Optional<Piece> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
        Raw raw = (Raw) piece.get();
        raws.add(
            new Raw(raw.start(), raw.end(), raw.sourceHash(), raw.bytes().clone(), raw.length()));
      }
    }
    return raws;
  }

  private static ObjectName named(long bytes) {
    return new ObjectName(0, 0, 1, bytes, "0".repeat(32), Compression.ZSTD);
  }

  /** As a pipe makes it: without content size. */
  private static byte[] zstd(byte[] raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out)) {
      zstd.setChecksum(true);
      zstd.write(raw);
    }
    assertThat(Zstd.getFrameContentSize(out.toByteArray())).isNotPositive();
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(raw);
    }
    return out.toByteArray();
  }

  private static byte[] gzipWithEveryHeaderField(byte[] raw) throws IOException {
    byte[] ordinary = gzip(raw);
    byte[] header = Arrays.copyOf(ordinary, 10);
    header[3] = 0x1f;
    return StoredObject.join(
        List.of(
            header,
            new byte[] {3, 0, 1, 2, 3},
            "name\0comment\0".getBytes(ISO_8859_1),
            new byte[] {7, 7},
            Arrays.copyOfRange(ordinary, 10, ordinary.length)));
  }

  private static byte[] skippable(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return ByteBuffer.allocate(8 + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x184d2a53)
        .putInt(length)
        .put(content)
        .array();
  }
}
