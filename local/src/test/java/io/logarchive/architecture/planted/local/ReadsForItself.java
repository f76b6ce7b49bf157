package io.logarchive.architecture.planted.local;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.Supplier;

/** Each method reads the clock, chance or the environment behind its callers' back. */
final class ReadsForItself {
  private ReadsForItself() {}

  static Instant instant() {
    return Instant.now();
  }

  static LocalDate day() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  static Clock clock() {
    return Clock.systemUTC();
  }

  static InstantSource source() {
    return InstantSource.system();
  }

  static long millis() {
    return System.currentTimeMillis();
  }

  static UUID id() {
    return UUID.randomUUID();
  }

  static Supplier<UUID> ids() {
    return UUID::randomUUID;
  }

  static String variable() {
    return String.valueOf(System.getenv("PATH"));
  }
}
