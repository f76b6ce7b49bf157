package io.logarchive.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The pair that signs requests to the embedded S3. */
record AccessKey(String id, String secret) {

  AccessKey {
    if (id.isBlank() || secret.isBlank()) {
      throw new IllegalArgumentException("An access key has an id and a secret, this one: " + id);
    }
  }

  /** The key in this file, made up at the first call. */
  static AccessKey keptIn(Path file) throws IOException {
    if (!Files.exists(file)) {
      AccessKey key = new AccessKey("AKLOCAL" + hex(6).toUpperCase(Locale.ROOT), hex(20));
      OwnerOnlyFile.write(file, key.id() + "\n" + key.secret() + "\n");
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.size() != 2) {
      throw new IOException(file + " does not hold an access key: put it back, or delete it");
    }
    return new AccessKey(lines.get(0), lines.get(1));
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
