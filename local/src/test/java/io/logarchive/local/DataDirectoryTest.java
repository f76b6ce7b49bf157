package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataDirectoryTest {
  private final Path path;

  DataDirectoryTest(@TempDir Path parent) {
    this.path = parent.resolve("data");
  }

  @ParameterizedTest
  @EnumSource
  void isOpenedAgainForTheSameCloud(Cloud cloud) throws Exception {
    DataDirectory.open(path, cloud).close();
    try (DataDirectory again = DataDirectory.open(path, cloud)) {
      assertThat(again.path()).isEqualTo(path.toRealPath());
    }
  }

  @Test
  void belongsToOneProcessAtATime() throws Exception {
    try (DataDirectory first = DataDirectory.open(path, Cloud.AWS)) {
      assertThatThrownBy(() -> DataDirectory.open(path, Cloud.AWS))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("Another run uses", first.path().toString());
    }
  }

  @Test
  void isRefusedToTheOtherCloudAndThenFree() throws Exception {
    DataDirectory.open(path, Cloud.AZURE).close();
    assertThatThrownBy(() -> DataDirectory.open(path, Cloud.AWS))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(path.toRealPath().toString(), "holds a run with --cloud azure");
    DataDirectory.open(path, Cloud.AZURE).close();
  }

  @Test
  void isOfAwsWhereARunLeftItBeforeFoldersNamedTheirCloud() throws Exception {
    Files.createDirectories(path.resolve(Engines.DYNAMODB_FOLDER));
    assertThatThrownBy(() -> DataDirectory.open(path, Cloud.AZURE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds a run with --cloud aws");
    DataDirectory.open(path, Cloud.AWS).close();
  }

  @Test
  void isOfAzureWhereARunLeftItBeforeFoldersNamedTheirCloud() throws Exception {
    Files.createDirectories(path.resolve(Engines.DYNAMODB_FOLDER));
    Files.createFile(path.resolve(EmbeddedAzure.REGISTRATION_FILE));
    assertThatThrownBy(() -> DataDirectory.open(path, Cloud.AWS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds a run with --cloud azure");
    DataDirectory.open(path, Cloud.AZURE).close();
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void isRefusedByUpBeforeAnythingOfTheOtherCloudStarts(Cloud cloud) throws Exception {
    Cloud other = cloud == Cloud.AWS ? Cloud.AZURE : Cloud.AWS;
    DataDirectory.open(path, cloud).close();
    StringWriter err = new StringWriter();
    int ended =
        LogArchive.commandLine()
            .setErr(new PrintWriter(err))
            .execute("up", "--cloud", other.name(), "--port", "0", "--data", path.toString());
    assertThat(ended).isEqualTo(1);
    assertThat(err.toString()).contains("holds a run with --cloud", "name another folder");
    assertThat(path.resolve("demo.env")).doesNotExist();
  }
}
