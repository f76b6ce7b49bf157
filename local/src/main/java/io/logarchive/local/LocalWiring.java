package io.logarchive.local;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * What a process on this machine gets from the machine: the time, and ids that are never the same.
 */
record LocalWiring(InstantSource clock, SecureRandom random) {

  static LocalWiring ofThisMachine() {
    return new LocalWiring(InstantSource.system(), new SecureRandom());
  }

  String requestId() {
    return UUID.randomUUID().toString();
  }
}
