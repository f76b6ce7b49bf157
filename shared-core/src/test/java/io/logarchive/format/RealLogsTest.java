package io.logarchive.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.logarchive.format.LogScanner.Kind;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real logs, if there are any: {@code zeek.ndjson.zst} in the directory that the variable {@code
 * LOGARCHIVE_SAMPLE_DATA} names.
 */
class RealLogsTest {
  private static final String DIRECTORY = "LOGARCHIVE_SAMPLE_DATA";
  private static final long HOUR = 3_600_000;

  @ParameterizedTest
  @EnumSource
  void realLogsComeBackHourByHour(Compression compression) throws Exception {
    String directory = System.getenv(DIRECTORY);
    assumeTrue(directory != null, () -> "NOT TESTED: " + DIRECTORY + " names no sample logs");
    byte[] logs;
    try (InputStream in =
        new ZstdInputStreamNoFinalizer(
            Files.newInputStream(Path.of(String.valueOf(directory), "zeek.ndjson.zst")))) {
      logs =
          new String(in.readAllBytes(), UTF_8).replace("_write_ts", "@timestamp").getBytes(UTF_8);
    }

    Map<Long, BlockWriter> writers = new TreeMap<>();
    Map<Long, List<String>> sent = new TreeMap<>();
    LogScanner line = new LogScanner(500_000);
    line.reset(logs, 0, logs.length);
    try (BlockCompressor compressor = BlockCompressor.of(compression)) {
      for (Kind kind = line.next(); kind != Kind.END; kind = line.next()) {
        assertThat(kind).isEqualTo(Kind.LOG);
        long time = EventTime.parse(logs, line.timestampStart(), line.timestampEnd());
        writers
            .computeIfAbsent(time / HOUR, hour -> new BlockWriter(compressor))
            .add(logs, line.start(), line.end(), time);
        sent.computeIfAbsent(time / HOUR, hour -> new ArrayList<>())
            .add(new String(logs, line.start(), line.end() - line.start(), ISO_8859_1));
      }
      int restored = 0;
      for (Map.Entry<Long, BlockWriter> hour : writers.entrySet()) {
        List<Block> blocks = hour.getValue().finish();
        StoredObject object = new StoredObject(StoredObject.name(compression, blocks), blocks);
        assertThat(object.name().min() / HOUR).isEqualTo(hour.getKey());
        assertThat(object.read().damages()).isEmpty();
        assertThat(object.read().texts().equals(sent.get(hour.getKey()))).isTrue();
        restored += object.read().lines().size();
      }
      assertThat(restored).isEqualTo(158_439);
    }
  }
}
