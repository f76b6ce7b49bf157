package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.airlift.compress.zstd.ZstdDecompressor;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The archive belongs to its owner, who reads it without us. */
class OtherReadersTest {
  private static final List<String> LINES = lines();

  private final Path bucket;

  OtherReadersTest(@TempDir Path bucket) {
    this.bucket = bucket;
  }

  /** Many blocks, some of them copies of others. */
  private static List<String> lines() {
    List<String> lines = new ArrayList<>(StoredObject.logs(40_000, 1));
    lines.addAll(
        Collections.nCopies(
            130_000,
            "{\"@timestamp\":\"2026-11-22T17:00:00Z\",\"type\":\"same\",\"status\":200,"
                + "\"message\":\"the same again\"}"));
    return lines;
  }

  @Test
  void theZstdCommandReadsObjects() throws Exception {
    assertThat(Arrays.equals(commandReads("zstd", Compression.ZSTD), raw())).isTrue();
  }

  @Test
  void theGzipCommandReadsObjects() throws Exception {
    assertThat(Arrays.equals(commandReads("gzip", Compression.GZIP), raw())).isTrue();
  }

  @Test
  void javasGzipReadsObjects() throws IOException {
    byte[] stored = StoredObject.of(Compression.GZIP, LINES).bytes();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(stored))) {
      assertThat(Arrays.equals(in.readAllBytes(), raw())).isTrue();
    }
  }

  /** The decoder of Athena and Trino, which knows nothing of libzstd. */
  @Test
  void aircompressorReadsObjects() throws IOException {
    StoredObject object = StoredObject.of(Compression.ZSTD, LINES);
    byte[] stored = object.bytes();
    byte[] raw = raw();
    byte[] target = new byte[raw.length];
    assertThat(
            new ZstdDecompressor().decompress(stored, 0, stored.length, target, 0, target.length))
        .isEqualTo(raw.length);
    assertThat(Arrays.equals(target, raw)).isTrue();
    try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(stored))) {
      assertThat(Arrays.equals(in.readAllBytes(), raw)).isTrue();
    }
    for (Block block : object.blocks()) {
      assertThat(ZstdDecompressor.getDecompressedSize(block.stored(), 0, block.stored().length))
          .isEqualTo(block.rawLength());
    }
  }

  @ParameterizedTest
  @EnumSource
  void duckDbQueriesObjects(Compression compression) throws Exception {
    write(StoredObject.of(compression, LINES));
    write(StoredObject.of(compression, StoredObject.logs(100, 2)));
    String objects =
        "read_json('%s/dt=*/hour=*/*%s', format = 'newline_delimited', hive_partitioning = true)"
            .formatted(bucket, compression.suffix());
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      try (ResultSet counts =
          statement.executeQuery(
              "SELECT type, count(*), min(\"@timestamp\"), sum(status), max(hour) FROM "
                  + objects
                  + " GROUP BY type ORDER BY type")) {
        assertThat(counts.next()).isTrue();
        assertThat(counts.getString(1)).isEqualTo("same");
        assertThat(counts.getLong(2)).isEqualTo(130_000);
        assertThat(counts.getString(3)).isEqualTo("2026-11-22T17:00:00Z");
        assertThat(counts.getLong(4)).isEqualTo(130_000 * 200L);
        assertThat(counts.getString(5)).isEqualTo("17");
        assertThat(counts.next()).isTrue();
        assertThat(counts.getString(1)).isEqualTo("web");
        assertThat(counts.getLong(2)).isEqualTo(40_100);
        assertThat(counts.next()).isFalse();
      }
    }
  }

  @Test
  void duckDbLeavesOutALogThatIsNoUtf8() throws Exception {
    Path object =
        write(
            StoredObject.of(
                Compression.ZSTD,
                List.of(
                    "{\"type\":\"good\"}",
                    "{\"type\":\"bad\",\"a\":\"\u00ff\"}",
                    "{\"type\":\"good\"}")));
    String query =
        "SELECT count(*) FROM read_json_objects('%s', format = 'newline_delimited', ignore_errors = true)"
                .formatted(object)
            + " WHERE json->>'$.type' = 'good'";
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet count = statement.executeQuery(query)) {
      assertThat(count.next()).isTrue();
      assertThat(count.getLong(1)).isEqualTo(2);
    }
  }

  private byte[] commandReads(String command, Compression compression) throws Exception {
    assumeTrue(isInstalled(command), () -> "NOT TESTED: there is no command " + command + " here");
    Path object = write(StoredObject.of(compression, LINES));
    Path target = bucket.resolve("inflated");
    Process process =
        new ProcessBuilder(command, "-dc", object.toString())
            .redirectOutput(target.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).isZero();
    return Files.readAllBytes(target);
  }

  private static boolean isInstalled(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }

  private Path write(StoredObject object) throws IOException {
    Path path = bucket.resolve(object.name().path());
    Files.createDirectories(path.getParent());
    return Files.write(path, object.bytes());
  }

  private static byte[] raw() {
    return (String.join("\n", LINES) + "\n").getBytes(ISO_8859_1);
  }
}
