package io.logarchive.local;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * What a process on this machine gets from the machine: the time, and ids that are never the same.
 */
record LocalWiring(InstantSource clock, SecureRandom random) {

  static LocalWiring ofThisMachine() {
    return new LocalWiring(InstantSource.system(), new SecureRandom());
  }

  /** A variable of the process's environment; empty means not set. */
  static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }

  String requestId() {
    return UUID.randomUUID().toString();
  }
}
