package io.logarchive.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Programs that tests run as users do. */
final class Programs {
  private static final Logger LOG = LoggerFactory.getLogger(Programs.class);

  private Programs() {}

  /** Skips the test, and says so, where one is missing. */
  static void assumeInstalled(String lost, String... programs) {
    boolean there = Stream.of(programs).allMatch(Programs::installed);
    String needed = String.join(", ", programs);
    if (!there) {
      LOG.warn("Skipped: {}; it needs {}", lost, needed);
    }
    assumeTrue(there, "not all are installed: " + needed);
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
