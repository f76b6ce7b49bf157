package io.logarchive.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The Durable Task backend of {@code infra/azure/durable-sidecar}, in a process of its own. */
public final class DurableSidecar implements AutoCloseable {
  /** Of a module's folder. */
  public static final Path SCRIPT =
      Path.of("..", "infra", "azure", "durable-sidecar", "durable-sidecar");

  private final Process process;
  private final int port;

  private DurableSidecar(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether what it needs was installed. */
  public static boolean isInstalled() {
    String root =
        Objects.requireNonNullElse(
            System.getenv("DURABLE_SIDECAR_ROOT"),
            SCRIPT.resolveSibling(".environment").toString());
    return Files.exists(Path.of(root, "installed"));
  }

  /** Starts it on a free port. It knows of no orchestration. */
  public static DurableSidecar start() throws IOException {
    Process process =
        new ProcessBuilder(SCRIPT.toString(), "run")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader();
    String line = String.valueOf(out.readLine());
    if (!line.startsWith("Listening on 127.0.0.1:")) {
      process.destroyForcibly();
      throw new IOException("The Durable Task backend does not start: " + line);
    }
    return new DurableSidecar(process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  /** Where it listens, on the loopback interface. */
  public int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
