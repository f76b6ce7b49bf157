package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Token;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  @Test
  void aTokenIsMadeWithTheHashThatTheDeploymentGets() {
    assertThat(execute("token")).isZero();
    Matcher printed =
        Pattern.compile("(la_admin_[A-Za-z0-9_-]{43})\\s.*\\s([0-9a-f]{64})\\s", Pattern.DOTALL)
            .matcher(out.toString());
    assertThat(printed.find()).isTrue();
    assertThat(printed.group(2)).isEqualTo(new Token(printed.group(1)).hash());
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(execute("token")).isZero();
    assertThat(out.toString()).isNotEqualTo(first);
  }

  private int execute(String... arguments) {
    return LogArchive.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
