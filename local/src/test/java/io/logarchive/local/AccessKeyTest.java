package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessKeyTest {
  private final Path directory;

  AccessKeyTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void isTheSameAtEveryCall() throws IOException {
    Path file = directory.resolve("key");

    AccessKey key = AccessKey.keptIn(file);

    assertThat(AccessKey.keptIn(file)).isEqualTo(key);
    assertThat(AccessKey.keptIn(directory.resolve("other"))).isNotEqualTo(key);
  }

  @Test
  void isItsOwnersOnly() throws IOException {
    Path file = directory.resolve("key");

    AccessKey.keptIn(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void isNotReadFromAFileWithSomethingElse() throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "one line\n");

    assertThatThrownBy(() -> AccessKey.keptIn(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void doesNotPrintItsSecret() {
    assertThat(new AccessKey("id", "hush")).hasToString("AccessKey[id]");
  }
}
