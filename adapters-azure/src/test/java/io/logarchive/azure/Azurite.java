package io.logarchive.azure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Azurite's blobs on a loopback port, in memory, over TLS and for bearers of a token only. */
final class Azurite implements AutoCloseable {
  static final String ACCOUNT = "devstoreaccount1";

  private static final Logger LOG = LoggerFactory.getLogger(Azurite.class);
  private static final Path MAIN =
      Path.of("azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final int port;

  private Azurite(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test, and says so, where Azurite is not installed. */
  static Azurite start(Path directory, LoopbackTls tls) throws IOException, InterruptedException {
    boolean installed = Files.exists(MAIN);
    if (!installed) {
      LOG.warn("Skipped: nothing is tried on Azure's storage; it needs Node, and azurite/install");
    }
    assumeTrue(installed, "Azurite is not installed");
    int port = freePort();
    Process process =
        new ProcessBuilder(
                "node",
                MAIN.toAbsolutePath().toString(),
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                Integer.toString(port),
                "--inMemoryPersistence",
                "--disableTelemetry",
                "--silent",
                "--oauth",
                "basic",
                "--cert",
                tls.file().toString(),
                "--pwd",
                LoopbackTls.PASSWORD)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("azurite.log").toFile())
            .start();
    Azurite azurite = new Azurite(process, port);
    azurite.awaitPort(directory);
    return azurite;
  }

  URI endpoint() {
    return URI.create("https://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void awaitPort(Path directory) throws IOException, InterruptedException {
    Instant giveUp = Instant.now().plus(PATIENCE);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (process.waitFor(50, TimeUnit.MILLISECONDS) || Instant.now().isAfter(giveUp)) {
          process.destroyForcibly();
          throw new IOException(
              "Azurite did not start: " + Files.readString(directory.resolve("azurite.log")), e);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
