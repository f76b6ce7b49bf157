package io.logarchive.infra.aws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs public checkers, which {@code gates/gates install} brought. */
final class Gates {
  private static final Path SCRIPT = Path.of("gates", "gates");

  /**
   * What a checker said.
   *
   * @param passed whether it found nothing
   */
  record Verdict(boolean passed, String output) {}

  private Gates() {}

  static boolean installed() {
    String root = Objects.requireNonNullElse(System.getenv("GATES_ROOT"), "gates/.tools");
    return Files.exists(Path.of(root, "installed"));
  }

  static Verdict run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("gate", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " did not end");
      }
      return new Verdict(
          process.exitValue() == 0, Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
    }
  }
}
