package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UpIT {
  private final Path data;

  UpIT(@TempDir Path data) {
    this.data = data;
  }

  @Test
  void keepsItsDataOverAKillAndToItselfAndStopsWhenAsked() throws Exception {
    AccessKey key;
    try (Running up = Running.start(data)) {
      key = AccessKey.keptIn(data.resolve("s3-access-key"));
      StoredThings.write(up.dynamoDb(), up.s3(), up.openSearch(), key);
      StringWriter err = new StringWriter();
      CommandLine second = LogArchive.commandLine().setErr(new PrintWriter(err));

      assertThat(second.execute("up", "--data", data.toString())).isEqualTo(1);
      assertThat(err.toString()).contains("Another run uses").contains(data.toString());

      up.process.destroyForcibly().waitFor();
    }
    assertThat(AccessKey.keptIn(data.resolve("s3-access-key"))).isEqualTo(key);
    try (Running up = Running.start(data)) {
      StoredThings.assertThatAllAreThere(up.dynamoDb(), up.s3(), up.openSearch(), key);

      // Process.destroy would close the pipe too.
      up.process.toHandle().destroy();
      assertThat(up.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(up.out.readLine()).startsWith("Stopping");
    }
    DataDirectory.open(data).close();
  }

  /** {@code logarchive up} in a process of its own. */
  private record Running(Process process, BufferedReader out, List<URI> endpoints)
      implements AutoCloseable {

    static Running start(Path data) throws IOException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager",
                  "-Dsqlite4java.library.path=" + System.getProperty("sqlite4java.library.path"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  LogArchive.class.getName(),
                  "up",
                  "--data",
                  data.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader out = process.inputReader();
      List<URI> endpoints = new ArrayList<>();
      String line = out.readLine();
      while (line != null && !line.contains("Ctrl-C")) {
        if (line.contains("http://")) {
          endpoints.add(URI.create(line.substring(line.indexOf("http://"))));
        }
        line = out.readLine();
      }
      assertThat(endpoints).hasSize(3);
      return new Running(process, out, endpoints);
    }

    URI dynamoDb() {
      return endpoints.get(0);
    }

    URI s3() {
      return endpoints.get(1);
    }

    URI openSearch() {
      return endpoints.get(2);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
