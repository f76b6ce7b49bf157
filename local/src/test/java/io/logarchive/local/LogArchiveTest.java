package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LogArchiveTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyCommandExplainsItself() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: logarchive", "up");
    for (String command : LogArchive.commandLine().getSubcommands().keySet()) {
      assertThat(execute(command, "--help")).isZero();
      assertThat(out.toString()).contains("Usage: logarchive " + command);
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void tellsItsVersion() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).startsWith("Log Archive ");
  }

  @Test
  void aWrongCommandLineIsAnsweredWithTheRightOne() {
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("up", "--nope")).isEqualTo(2);
    assertThat(err.toString()).contains("Which command?", "--nope", "Usage: logarchive up");
    assertThat(out.toString()).isEmpty();
  }

  private int execute(String... arguments) {
    return LogArchive.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
