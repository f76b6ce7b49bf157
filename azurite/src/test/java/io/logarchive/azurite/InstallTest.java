package io.logarchive.azurite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installing Azurite, with programs in place of Node and npm. */
class InstallTest {
  private static final String MAIN = "node_modules/azurite/dist/src/azurite.js";
  private static final String INSTALLED = "node_modules/.package-lock.json";

  private static final String NODE = "exit 0";
  private static final String OLD_NODE = "echo 'the one on the PATH is 18.19.0' >&2; exit 3";
  private static final String NPM =
      """
      echo "$@" > npm-was-called
      mkdir -p node_modules/azurite/dist/src
      echo > %s
      echo > %s
      """
          .formatted(MAIN, INSTALLED);

  private record Ended(int status, String said) {}

  private final Path installation;
  private final Path programs;

  InstallTest(@TempDir Path folder) {
    this.installation = folder.resolve("azurite");
    this.programs = folder.resolve("bin");
  }

  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectories(installation);
    Files.createDirectories(programs);
    for (String program : List.of("bash", "dirname", "mkdir")) {
      program(program, "exec '" + onPath(program) + "' \"$@\"");
    }
    Files.copy(Path.of("install"), installation.resolve("install"));
    Files.copy(Path.of("needs-node.js"), installation.resolve("needs-node.js"));
    write("package-lock.json", Instant.now().minusSeconds(60));
  }

  @Test
  void installsAsTheLockFileSaysOnce() throws Exception {
    program("node", NODE);
    program("npm", NPM);
    assertThat(EmbeddedAzurite.isInstalled(installation)).isFalse();

    assertThat(run().status()).isZero();

    assertThat(EmbeddedAzurite.isInstalled(installation)).isTrue();
    assertThat(installation.resolve("npm-was-called")).content().startsWith("ci ");
    Files.delete(installation.resolve("npm-was-called"));
    assertThat(run().status()).isZero();
    assertThat(installation.resolve("npm-was-called")).doesNotExist();
  }

  @Test
  void installsAnewWhatIsOlderThanTheLockFile() throws Exception {
    write(MAIN, Instant.now().minusSeconds(120));
    write(INSTALLED, Instant.now().minusSeconds(120));
    installsAnew();
  }

  @Test
  void installsAnewWhatNpmDidNotEnd() throws Exception {
    write(MAIN, Instant.now());
    installsAnew();
  }

  @Test
  void installsAnewWhatLacksAzurite() throws Exception {
    write(INSTALLED, Instant.now());
    installsAnew();
  }

  private void installsAnew() throws Exception {
    program("node", NODE);
    program("npm", NPM);
    assertThat(EmbeddedAzurite.isInstalled(installation)).isFalse();
    assertThat(run().status()).isZero();
    assertThat(EmbeddedAzurite.isInstalled(installation)).isTrue();
  }

  @Test
  void withoutNodeOrNpmSaysWhichIsMissing() throws Exception {
    assertThat(run()).isEqualTo(missing("node"));
    program("node", NODE);
    assertThat(run()).isEqualTo(missing("npm"));
  }

  @Test
  void withAnOldNodeInstallsNothing() throws Exception {
    program("node", OLD_NODE);
    program("npm", NPM);
    Ended ended = run();
    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.said()).contains("18.19.0");
    assertThat(installation.resolve("npm-was-called")).doesNotExist();
  }

  @Test
  void letsNpmSayWhatIsWrong() throws Exception {
    program("node", NODE);
    program("npm", "echo 'npm error code ENOTFOUND' >&2; exit 1");
    assertThat(run()).isEqualTo(new Ended(1, "npm error code ENOTFOUND\n"));
  }

  @Test
  void theReasonIsToldApart() throws Exception {
    script("install", "exit 3", installation);
    assertThatThrownBy(() -> EmbeddedAzurite.install(installation))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("needs Node 20 or newer");

    for (String other : List.of("exit 1", "exit 0")) {
      script("install", other, installation);
      assertThatThrownBy(() -> EmbeddedAzurite.install(installation))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("what npm said is above", "proxy", installation.toString())
          .hasMessageNotContaining("Node");
    }

    script("install", "cd \"$(dirname \"$0\")\"\n" + NPM, installation);
    EmbeddedAzurite.install(installation);
  }

  private static Ended missing(String program) {
    return new Ended(3, "Azurite is not installed: there is no " + program + " on the PATH\n");
  }

  private Ended run() throws Exception {
    ProcessBuilder install =
        new ProcessBuilder(installation.resolve("install").toString()).redirectErrorStream(true);
    install.environment().put("PATH", programs.toString());
    Process process = install.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), said);
  }

  private void program(String name, String body) throws IOException {
    script(name, body, programs);
  }

  private static void script(String name, String body, Path folder) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private void write(String name, Instant modified) throws IOException {
    Path file = installation.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "{}\n");
    Files.setLastModifiedTime(file, FileTime.from(modified));
  }

  private static Path onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
