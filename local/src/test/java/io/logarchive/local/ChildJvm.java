package io.logarchive.local;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own, with this environment and no other. */
final class ChildJvm implements AutoCloseable {
  static final int MOST_SECONDS = 60;

  private final long startedNanos = System.nanoTime();
  private final Path output;
  private final Process process;

  private ChildJvm(Path output, Process process) {
    this.output = output;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param output takes what it prints
   * @param arguments options, the main class, and what that is given
   */
  static ChildJvm start(
      Path directory,
      Path output,
      Map<String, String> environment,
      String classPath,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new ChildJvm(output, builder.start());
  }

  /** Parts of this process's class path whose whole path is such one. */
  static String classPath(String regex) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(part -> part.matches(regex))
        .map(part -> Path.of(part).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The jar or folder that a class comes from. */
  static Path placeOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toAbsolutePath();
  }

  double millisSinceStart(long nanos) {
    return (nanos - startedNanos) / 1e6;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The most memory that it has had so far, in bytes. */
  long peakMemory() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElseThrow();
  }

  /** The processor time that it has used so far, in milliseconds. */
  long processorTime() {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  IllegalStateException silent() throws IOException {
    return new IllegalStateException("A function does not answer; it printed: " + printed());
  }

  String printed() throws IOException {
    return Files.readString(output);
  }

  /** Ends it in the middle of whatever it does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it as a cloud does, so that it may write what its options have it write. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("A function does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
