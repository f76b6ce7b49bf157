package io.logarchive.infra.aws;

import io.logarchive.local.LogFile;
import io.logarchive.local.WebShopLogs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Real logs where {@code LOGARCHIVE_SAMPLE_DATA} names a folder with some, else made-up ones.
 *
 * @param logs how many they are
 * @param bodies as a shipper sends them
 */
record SampleLogs(int logs, List<byte[]> bodies) {
  private static final String DIRECTORY = "LOGARCHIVE_SAMPLE_DATA";
  private static final int REAL = 158_439;
  private static final int MADE_UP = 20_000;
  private static final int BODIES = 30;

  @FunctionalInterface
  private interface Lines {
    byte @Nullable [] next() throws IOException;
  }

  static SampleLogs read() throws IOException {
    String directory = System.getenv(DIRECTORY);
    if (directory == null) {
      System.out.println(
          "[WARNING] NOT TESTED: real logs, for "
              + DIRECTORY
              + " names no folder; made-up ones are used");
      WebShopLogs shop = new WebShopLogs(1, Instant.parse("2026-11-20T00:00:00Z"), MADE_UP);
      return of(MADE_UP, () -> shop.hasNext() ? shop.next() : null);
    }
    try (LogFile file = LogFile.open(Path.of(directory, "zeek.ndjson.zst"), "_write_ts")) {
      return of(REAL, file::next);
    }
  }

  private static SampleLogs of(int logs, Lines lines) throws IOException {
    List<byte[]> bodies = new ArrayList<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int inBody = 0;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      body.writeBytes(line);
      inBody++;
      if (inBody == Math.ceilDiv(logs, BODIES)) {
        bodies.add(body.toByteArray());
        body.reset();
        inBody = 0;
      }
    }
    if (inBody > 0) {
      bodies.add(body.toByteArray());
    }
    return new SampleLogs(logs, bodies);
  }
}
