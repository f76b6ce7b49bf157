package io.logarchive.azurite;

import io.logarchive.account.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Azurite, as a process of its own: blobs, queues and tables of one storage account, each service
 * on a free loopback port, over TLS. It takes the account's key, and tokens of a {@link
 * TokenEndpoint}. It ends with the process that started it, even if that is killed.
 */
public final class EmbeddedAzurite implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);
  private static final Pattern LISTENING =
      Pattern.compile("Azurite (\\w+) service is successfully listening at (\\S+)");

  private static final String NEEDS_NODE =
      "Azurite needs Node 20 or newer, with npm to install it, on the PATH: get them from"
          + " https://nodejs.org or your system's packages, then try again";

  /**
   * The storage account that there is.
   *
   * @param key in base64
   */
  public record Account(String name, Secret key) {}

  private final Process process;
  private final Account account;
  private final Map<String, URI> services;

  private EmbeddedAzurite(Process process, Account account, Map<String, URI> services) {
    this.process = process;
    this.account = account;
    this.services = services;
  }

  /**
   * Whether Azurite lies in this folder.
   *
   * @param installation the folder with its {@code package.json}
   */
  public static boolean isInstalled(Path installation) {
    return Files.exists(main(installation));
  }

  /**
   * Installs it with npm, which needs the network once; what npm says goes to this process's own
   * output.
   *
   * @throws IOException if it cannot be installed, with what to do
   */
  public static void install(Path installation) throws IOException, InterruptedException {
    new ProcessBuilder(installation.resolve("install").toString()).inheritIO().start().waitFor();
    if (!isInstalled(installation)) {
      throw new IOException("Azurite could not be installed. " + NEEDS_NODE);
    }
  }

  /**
   * Starts it.
   *
   * @param directory where it keeps its data; what an earlier run left there is found again
   */
  public static EmbeddedAzurite start(
      Path installation, Path directory, LoopbackTls tls, Account account)
      throws IOException, InterruptedException {
    Path output = directory.resolve("azurite.log");
    ProcessBuilder command =
        new ProcessBuilder(
                "node",
                "--require",
                installation.resolve("end-with-parent.js").toAbsolutePath().toString(),
                main(installation).toAbsolutePath().toString(),
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                "0",
                "--queueHost",
                "127.0.0.1",
                "--queuePort",
                "0",
                "--tableHost",
                "127.0.0.1",
                "--tablePort",
                "0",
                "--location",
                directory.toAbsolutePath().toString(),
                "--disableTelemetry",
                "--silent",
                "--oauth",
                "basic",
                "--cert",
                tls.file().toAbsolutePath().toString(),
                "--pwd",
                LoopbackTls.PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    command.environment().put("AZURITE_ACCOUNTS", account.name() + ":" + account.key().value());
    Process process;
    try {
      process = command.start();
    } catch (IOException e) {
      throw new IOException(NEEDS_NODE, e);
    }
    try {
      return new EmbeddedAzurite(process, account, services(process, output));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  public Account account() {
    return account;
  }

  /** Where blobs are, without the account's name, which is the first segment of every path. */
  public URI blobs() {
    return service("Blob");
  }

  /** Where queues are, as {@link #blobs}. */
  public URI queues() {
    return service("Queue");
  }

  /** Where tables are, as {@link #blobs}. */
  public URI tables() {
    return service("Table");
  }

  /** Lets it write what it has in memory. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private URI service(String name) {
    URI uri = services.get(name);
    if (uri == null) {
      throw new IllegalStateException("Azurite has no " + name + " service");
    }
    return uri;
  }

  private static Map<String, URI> services(Process process, Path output)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
      String said = Files.readString(output);
      Map<String, URI> services = new HashMap<>();
      for (Matcher line = LISTENING.matcher(said); line.find(); ) {
        services.put(line.group(1), URI.create(line.group(2)));
      }
      if (services.keySet().containsAll(List.of("Blob", "Queue", "Table"))) {
        return Map.copyOf(services);
      }
      if (ended || System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IOException("Azurite does not start: " + said);
      }
    }
  }

  private static Path main(Path installation) {
    return installation.resolve(Path.of("node_modules", "azurite", "dist", "src", "azurite.js"));
  }
}
