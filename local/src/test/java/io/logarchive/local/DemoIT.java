package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code logarchive demo} in a process of its own. */
class DemoIT {
  private final Path temporary;
  private final Path folder;

  DemoIT(@TempDir Path temporary, @TempDir Path folder) {
    this.temporary = temporary;
    this.folder = folder;
  }

  @Test
  void logsOfMoreDaysThanAnAccountMayRestoreAtOnceAllComeBackAndNothingIsLeft() throws Exception {
    Path logs = folder.resolve("days.ndjson");
    Files.writeString(
        logs,
        IntStream.range(0, 16)
            .mapToObj(
                i ->
                    "{\"time\":\"%s\",\"type\":\"t%d\",\"a\":%s}%n"
                        .formatted(
                            Instant.parse("2026-11-01T12:00:00Z").plusSeconds(86_400L * (i / 2)),
                            i % 2,
                            i == 7 ? "{\"b\":1}" : "1"))
            .collect(Collectors.joining()));
    Process demo = start(logs.toString(), "--timestamp-field", "time");
    String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(out).isZero();
    assertThat(out)
        .contains("Every number agrees: sent 16, archived 16, restored 16, found 16")
        .containsPattern(" 8  t0[\n ]+8  t1");
    assertThat(left()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "aws, blob, the container logarchivelocal/demo-logs",
    "azure, blob, the container logarchivelocal/demo-logs",
    "azure, s3, the bucket s3://demo-logs"
  })
  void everyCloudArchivesIntoEveryStorage(String cloud, String storage, String place)
      throws Exception {
    Azurite.assumeInstalled();
    Path logs = folder.resolve("some.ndjson");
    Files.writeString(
        logs,
        IntStream.range(0, 100)
            .mapToObj(i -> "{\"@timestamp\":\"2026-11-01T12:00:00Z\",\"a\":%d}%n".formatted(i))
            .collect(Collectors.joining()));
    Process demo = start(logs.toString(), "--cloud", cloud, "--storage", storage);
    String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(out).isZero();
    assertThat(out)
        .contains("set up its archive in " + place)
        .contains("Every number agrees: sent 100, archived 100, restored 100, found 100");
    assertThat(left()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"AWS, s3", "AZURE, blob"})
  void oneThatIsStoppedLeavesNothing(Cloud cloud, String storage) throws Exception {
    Azurite.assumeInstalledFor(cloud);
    Process demo = start("--cloud", cloud.name(), "--storage", storage);
    BufferedReader out = demo.inputReader();
    String line = out.readLine();
    while (line != null && !line.contains("made an account")) {
      line = out.readLine();
    }
    assertThat(line).isNotNull();
    List<ProcessHandle> embedded = demo.descendants().toList();
    assertThat(embedded).hasSize(cloud == Cloud.AZURE ? 1 : 0);
    // Ctrl-C reaches these too.
    for (ProcessHandle process : embedded) {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }
    // Process.destroy would close the pipe too.
    demo.toHandle().destroy();
    assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isNotZero();
    assertThat(out.lines()).containsOnlyOnce("Stopped before its end.");
    assertThat(embedded).noneMatch(ProcessHandle::isAlive);
    assertThat(left()).isEmpty();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(path -> path.toString().contains("logarchive-demo")).toList();
    }
  }

  private Process start(String... arguments) throws IOException {
    Stream<String> command =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-Djava.io.tmpdir=" + temporary,
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager",
            "-Dlogarchive.azurite=" + Azurite.INSTALLATION,
            "-Dsqlite4java.library.path=" + System.getProperty("sqlite4java.library.path"),
            "-cp",
            System.getProperty("java.class.path"),
            LogArchive.class.getName(),
            "demo");
    return new ProcessBuilder(Stream.concat(command, Stream.of(arguments)).toList())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
