package io.logarchive.functions.aws;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Java processes with an environment of their own. */
final class JavaProcess {
  private static final String OUTPUT = "output";

  private JavaProcess() {}

  /** Without what is there for tests only, which configures logging among others. */
  static String productClassPath() {
    return Arrays.stream(classPath().split(File.pathSeparator))
        .filter(part -> !part.contains("test-classes") && !part.contains("core-testkit"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** What one prints in this folder, so far. */
  static String output(Path folder) throws IOException {
    return Files.readString(folder.resolve(OUTPUT));
  }

  static Process start(
      Map<String, String> environment, String classPath, Path folder, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", classPath));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(OUTPUT).toFile())
        .start();
  }
}
