package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final String TEXT = "{\"a\":1}\n{\"ts\":2,\"ü\":[]}\n{\"b\":3}";

  private final Path folder;

  LogFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void plainGzipAndZstdAreReadAlike() throws IOException {
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes);
    }
    Files.write(folder.resolve("plain.ndjson"), bytes);
    Files.write(folder.resolve("logs.GZ"), gzip.toByteArray());
    Files.write(folder.resolve("logs.zst"), Zstd.compress(bytes));
    for (String name : List.of("plain.ndjson", "logs.GZ", "logs.zst")) {
      assertThat(lines(name, null))
          .as(name)
          .containsExactly("{\"a\":1}\n", "{\"ts\":2,\"ü\":[]}\n", "{\"b\":3}\n");
    }
  }

  @Test
  void theNamedKeyBecomesTheTimestampOnlyAtTheTop() throws IOException {
    Files.writeString(
        folder.resolve("logs"),
        """
        {"_ts":"x","n":1}
        {"n":{"_ts":"inner"}, "_ts" : "y"}
        {"n":"\\"_ts\\":1"}
        {"\\u005fts":"z"}
        not json "_ts":1

        """);
    assertThat(lines("logs", "_ts"))
        .containsExactly(
            "{\"@timestamp\":\"x\",\"n\":1}\n",
            "{\"n\":{\"_ts\":\"inner\"}, \"@timestamp\" : \"y\"}\n",
            "{\"n\":\"\\\"_ts\\\":1\"}\n",
            "{\"@timestamp\":\"z\"}\n",
            "not json \"_ts\":1\n",
            "\n");
  }

  @Test
  void theNamedKeyWinsOverATimestampThatIsThereAlready() throws IOException {
    Files.writeString(
        folder.resolve("logs"),
        """
        {"@timestamp":"a","n":1,"time":"b"}
        {"time":"b","@timestamp":"a"}
        {"@timestamp":"a"}
        """);
    assertThat(lines("logs", "time"))
        .containsExactly(
            "{\"original_timestamp\":\"a\",\"n\":1,\"@timestamp\":\"b\"}\n",
            "{\"@timestamp\":\"b\",\"original_timestamp\":\"a\"}\n",
            "{\"@timestamp\":\"a\"}\n");
  }

  @Test
  void aFileThatIsNotWhatItsNameSaysIsRefusedByName() throws IOException {
    Files.writeString(folder.resolve("logs.gz"), TEXT);
    assertThatThrownBy(() -> lines("logs.gz", null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("logs.gz");
  }

  private List<String> lines(String name, @Nullable String timestampField) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LogFile file = LogFile.open(folder.resolve(name), timestampField)) {
      for (byte[] line = file.next(); line != null; line = file.next()) {
        lines.add(new String(line, StandardCharsets.UTF_8));
      }
    }
    return lines;
  }
}
