package io.logarchive.azurite;

import io.logarchive.account.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final String LOCATION = "--location";

  private static final String NEEDS_NODE =
      "Azurite needs Node 20 or newer, with npm to install it, on the PATH: get them from"
          + " https://nodejs.org or your system's packages, then try again";

  /** How the script ends that installs it. */
  private static final int NO_NODE = 3;

  /**
   * The storage account that there is.
   *
   * @param key in base64
   */
  public record Account(String name, Secret key) {}

  private final Process process;
  private final Account account;
  private final Path certificate;
  private final Map<String, URI> services;

  private EmbeddedAzurite(
      Process process, Account account, Path certificate, Map<String, URI> services) {
    this.process = process;
    this.account = account;
    this.certificate = certificate;
    this.services = services;
  }

  /**
   * Whether Azurite lies in this folder, as its {@code package-lock.json} has it.
   *
   * @param installation the folder with its {@code package.json}
   */
  public static boolean isInstalled(Path installation) throws IOException {
    // npm writes it last.
    Path installed = installation.resolve(Path.of("node_modules", ".package-lock.json"));
    return Files.exists(main(installation))
        && Files.exists(installed)
        && Files.getLastModifiedTime(installed)
                .compareTo(Files.getLastModifiedTime(installation.resolve("package-lock.json")))
            > 0;
  }

  /**
   * Installs it with npm, which needs the network once, or repairs it; does nothing where it is
   * installed. What npm says goes to this process's own output.
   *
   * @throws IOException if it cannot be installed, with what to do
   */
  public static void install(Path installation) throws IOException, InterruptedException {
    int ended =
        new ProcessBuilder(installation.resolve("install").toString())
            .inheritIO()
            .start()
            .waitFor();
    if (ended == NO_NODE) {
      throw new IOException("Azurite could not be installed. " + NEEDS_NODE);
    }
    if (ended != 0 || !isInstalled(installation)) {
      throw new IOException(
          "Azurite could not be installed: what npm said is above. It needs the network, through"
              + " your proxy if there is one, and the right to write to "
              + installation.toAbsolutePath().normalize());
    }
  }

  /**
   * Starts it.
   *
   * @param directory where it keeps its data; what an earlier run left there is found again, once
   *     that run has ended: one that is killed still writes for a moment
   */
  public static EmbeddedAzurite start(
      Path installation, Path directory, LoopbackTls tls, Account account)
      throws IOException, InterruptedException {
    awaitEndOfEarlierRun(directory);
    Path certificate = directory.resolve("certificate.pem");
    Files.writeString(certificate, tls.pem());
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
                LOCATION,
                location(directory),
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
      return new EmbeddedAzurite(process, account, certificate, services(process, output));
    } catch (IOException | InterruptedException | RuntimeException e) {
      kill(process);
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

  /** A file with the certificate that it shows, for other processes' clients to trust. */
  public Path certificate() {
    return certificate;
  }

  /** Lets it write what it has in memory; after that it touches no file. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        kill(process);
      }
    } catch (InterruptedException e) {
      kill(process);
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for its end, also in a thread that was interrupted. */
  private static void kill(Process process) {
    process.destroyForcibly().onExit().join();
  }

  private static void awaitEndOfEarlierRun(Path directory)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    for (Optional<ProcessHandle> earlier = running(directory);
        earlier.isPresent();
        earlier = running(directory)) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IOException(
            "Azurite of an earlier run still writes to %s: end its process, %d"
                .formatted(directory, earlier.get().pid()));
      }
      Thread.sleep(50);
    }
  }

  /** The process that has its data in this directory. */
  static Optional<ProcessHandle> running(Path directory) {
    List<String> option = List.of(LOCATION, location(directory));
    return ProcessHandle.allProcesses().filter(each -> has(each, option)).findAny();
  }

  private static boolean has(ProcessHandle process, List<String> option) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    return Collections.indexOfSubList(arguments, option) >= 0;
  }

  private static String location(Path directory) {
    return directory.toAbsolutePath().toString();
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
