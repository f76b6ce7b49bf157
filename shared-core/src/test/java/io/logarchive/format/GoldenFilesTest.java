package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What version 1 of the format ever wrote stays readable, and its documents keep their ids. */
class GoldenFilesTest {
  private final Path directory;

  GoldenFilesTest() throws URISyntaxException {
    URL resource = getClass().getResource("/format/v1");
    this.directory = Path.of(Objects.requireNonNull(resource, "golden files").toURI());
  }

  @ParameterizedTest
  @EnumSource
  void theGoldenObjectIsRead(Compression compression) throws IOException {
    Path file = file(compression);
    ObjectName name = name(file);
    byte[] stored = Files.readAllBytes(file);
    List<String> expected =
        Files.readAllLines(directory.resolve(compression + ".expected"), ISO_8859_1);

    assertThat(StoredObject.read(name, stored).damages()).isEmpty();
    assertThat(GoldenObjects.expectation(name, stored)).isEqualTo(expected);
    assertThat(expected).hasSize((int) name.lines());
    assertThat(expected).extracting(row -> row.substring(0, LogId.LENGTH)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void theGoldenObjectHoldsTheLinesItWasMadeOf(Compression compression) throws IOException {
    Path file = file(compression);
    List<String> lines = new ArrayList<>();
    GoldenObjects.blocks(compression).forEach(lines::addAll);
    assertThat(StoredObject.read(name(file), Files.readAllBytes(file)).texts()).isEqualTo(lines);
  }

  /** Compressors may change their bytes from version to version; all else has to stay. */
  @ParameterizedTest
  @EnumSource
  void theWriterStillNamesTheGoldenObject(Compression compression) throws IOException {
    Path file = file(compression);
    StoredObject today = GoldenObjects.object(compression);
    ObjectName name = name(file);
    assertThat(today.name())
        .isEqualTo(
            new ObjectName(
                name.min(),
                name.max(),
                name.lines(),
                name.bytes(),
                today.name().batch(),
                compression));
    if (compression == Compression.NONE) {
      assertThat(today.name()).isEqualTo(name);
      assertThat(today.bytes()).isEqualTo(Files.readAllBytes(file));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theGoldenObjectIsNamedByItsBlocks(Compression compression) throws IOException {
    Path file = file(compression);
    byte[] stored = Files.readAllBytes(file);
    List<Block> blocks = new ArrayList<>();
    int from = 0;
    for (int to : ends(compression, stored)) {
      blocks.add(new Block(Arrays.copyOfRange(stored, from, to), 1, 1, 0, 0));
      from = to;
    }
    assertThat(from).isEqualTo(stored.length);
    assertThat(Block.batchId(StoredObject.UID, blocks)).isEqualTo(name(file).batch());
  }

  private List<Integer> ends(Compression compression, byte[] stored) throws IOException {
    if (compression == Compression.NONE) {
      return List.of(stored.length);
    }
    List<Integer> ends = new ArrayList<>();
    try (BlockReader reader =
        new BlockReader(name(file(compression)), new ByteArrayInputStream(stored))) {
      for (Optional<Piece> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
        ends.add((int) ((Piece.Raw) piece.get()).end().storedOffset());
      }
    }
    return ends;
  }

  private Path file(Compression compression) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("dt=20261122/hour=17"))) {
      return files
          .filter(file -> name(file).compression() == compression)
          .findFirst()
          .orElseThrow();
    }
  }

  private ObjectName name(Path file) {
    String path = directory.relativize(file).toString().replace('\\', '/');
    return ObjectName.parse(path).orElseThrow();
  }
}
