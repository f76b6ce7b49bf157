package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.archive.StorageAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedAzureTest {
  private final Path directory;

  EmbeddedAzureTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void keepsItsAccountsKeyOverARestart() throws Exception {
    Azurite.assumeInstalled();
    LocalWiring machine = LocalWiring.ofThisMachine();
    StorageAccess.Blob container = EmbeddedAzure.newContainer("kept", machine.random());
    String key;
    try (EmbeddedAzure azure = start(machine, container)) {
      key = azure.account().key().value();
      assertThat(azure.ownEnvironment()).containsEntry("AZURE_STORAGE_KEY", key);
    }
    try (EmbeddedAzure azure = start(machine, container)) {
      assertThat(azure.account().key().value()).isEqualTo(key);
    }
  }

  @Test
  void leavesNothingRunningWhereItsContainerCannotBeMade() throws Exception {
    Azurite.assumeInstalled();
    LocalWiring machine = LocalWiring.ofThisMachine();
    StorageAccess.Blob container = EmbeddedAzure.newContainer("kept", machine.random());
    long listening = listening();
    Files.writeString(directory.resolve("account-key"), "no base64!");

    assertThatThrownBy(() -> start(machine, container))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(ProcessHandle.current().children()).isEmpty();
    assertThat(listening()).isEqualTo(listening);
  }

  private EmbeddedAzure start(LocalWiring machine, StorageAccess.Blob container) throws Exception {
    return EmbeddedAzure.start(Azurite.INSTALLATION, directory, machine, container);
  }

  /** How many of the JDK's HTTP servers there are. */
  private static long listening() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("HTTP-Dispatcher"))
        .count();
  }
}
