package io.logarchive.local;

import io.logarchive.account.Secret;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tries a deployment as its users will, from outside. */
@Command(
    name = "check",
    description = {
      "Tries a deployment as its users will, wherever it runs.",
      "",
      "Makes an account, tests the storage, archives made-up logs, restores and searches them,",
      "compares the counts, and removes all of that from the deployment again. What it archived",
      "stays in the bucket or container, in a folder of its own. Ends with 0 only if every step",
      "worked and every count agrees.",
      "",
      "The bucket or container must not be in use by another account of the deployment."
    },
    mixinStandardHelpOptions = true)
final class Check implements Callable<Integer> {
  static final String ADMIN_TOKEN = "LOGARCHIVE_ADMIN_TOKEN";
  static final String SECRET_KEY = "LOGARCHIVE_SECRET_KEY";
  static final String CLIENT_SECRET = "LOGARCHIVE_CLIENT_SECRET";

  private static final int STOPPED = 130;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "Where the deployment's API answers")
  private String url = "";

  @Option(
      names = "--ingest-url",
      required = true,
      paramLabel = "URL",
      description = "Where it takes compressed logs: on AWS IngestUrl, on Azure OctetsUrl")
  private String ingestUrl = "";

  @Option(
      names = "--admin-token-file",
      paramLabel = "FILE",
      description = "Holds the administrator's token. Default: the variable " + ADMIN_TOKEN)
  private @Nullable Path adminTokenFile;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Storage storage = new Storage();

  @Option(
      names = "--logs",
      paramLabel = "N",
      description = "How many logs it sends, 1 to 1,000,000. Default: ${DEFAULT-VALUE}")
  private int logs = 5_000;

  @Option(
      names = "--keep",
      description = "Leaves account, archive and restored account, and prints the tokens")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    if (logs < 1 || logs > 1_000_000) {
      throw wrong("--logs takes 1 to 1000000, not " + logs);
    }
    CheckRun.Target target =
        new CheckRun.Target(
            address("--url", url),
            address("--ingest-url", ingestUrl),
            secret("--admin-token-file", adminTokenFile, ADMIN_TOKEN),
            storage());
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal stop = new StopSignal()) {
      stop.interruptWhenAsked(Thread.currentThread());
      return new CheckRun(
                  target,
                  logs,
                  keep ? CheckRun.After.KEEP : CheckRun.After.REMOVE,
                  LocalWiring.ofThisMachine(),
                  out)
              .run()
          ? 0
          : 1;
    } catch (InterruptedException e) {
      out.println("Stopped before its end.");
      out.flush();
      return STOPPED;
    }
  }

  private URI address(String option, String text) {
    try {
      URI address = new URI(text);
      String scheme = Optional.ofNullable(address.getScheme()).orElse("");
      if (List.of("http", "https").contains(scheme)
          && address.getHost() != null
          && address.getQuery() == null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Such as one without its scheme: said below.
    }
    throw wrong(option + " takes an address such as https://host/path, not " + text);
  }

  private CheckStorage storage() throws IOException {
    Bucket bucket = storage.bucket;
    if (bucket != null) {
      Secret secret = secret("--secret-key-file", bucket.secretKeyFile, SECRET_KEY);
      return new CheckStorage.Bucket(
          place(bucket.name), new AccessKey(bucket.accessKey, secret.value()));
    }
    // The command line has one of the two.
    Container container = Objects.requireNonNull(storage.container);
    return new CheckStorage.Container(
        new StorageAccess.Blob(
            containersPlace(container.name),
            container.tenant,
            container.client,
            secret("--client-secret-file", container.clientSecretFile, CLIENT_SECRET)));
  }

  private S3Location place(String bucket) {
    try {
      return S3Location.parse(bucket);
    } catch (IllegalArgumentException e) {
      throw wrong("--bucket " + e.getMessage());
    }
  }

  private BlobLocation containersPlace(String text) {
    String[] parts = text.split("/", 3);
    if (parts.length == 1
        || !BlobLocation.isAccountName(parts[0])
        || !BlobLocation.isContainerName(parts[1])) {
      throw wrong(
          "--container takes the names of a storage account and of a container in it, as in"
              + " mylogs/logs or mylogs/logs/shop, not "
              + text);
    }
    try {
      return BlobLocation.of(parts[0], parts[1], parts.length == 2 ? null : parts[2]);
    } catch (IllegalArgumentException e) {
      throw wrong("--container " + e.getMessage());
    }
  }

  private Secret secret(String option, @Nullable Path file, String variable) throws IOException {
    Optional<String> value =
        file == null
            ? LocalWiring.variable(variable)
            : Optional.of(Files.readString(file)).filter(text -> !text.isBlank());
    return new Secret(
        value
            .orElseThrow(
                () ->
                    wrong(
                        file == null
                            ? "Set the variable " + variable + ", or give " + option
                            : option + ": " + file + " is empty"))
            .strip());
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** One of them. */
  private static final class Storage {
    @ArgGroup(exclusive = false)
    private @Nullable Bucket bucket;

    @ArgGroup(exclusive = false)
    private @Nullable Container container;
  }

  private static final class Bucket {
    @Option(
        names = "--bucket",
        required = true,
        paramLabel = "NAME[/PREFIX]",
        description = "An S3 bucket of yours to archive into")
    private String name = "";

    @Option(
        names = "--access-key",
        required = true,
        paramLabel = "ID",
        description = "The id of an access key that may use the bucket")
    private String accessKey = "";

    @Option(
        names = "--secret-key-file",
        paramLabel = "FILE",
        description = "Holds the access key's secret. Default: the variable " + SECRET_KEY)
    private @Nullable Path secretKeyFile;
  }

  private static final class Container {
    @Option(
        names = "--container",
        required = true,
        paramLabel = "ACCOUNT/NAME[/PATH]",
        description = "A container of yours in Azure to archive into, behind its storage account")
    private String name = "";

    @Option(
        names = "--tenant",
        required = true,
        paramLabel = "ID",
        description = "The tenant of an app registration that may use the container")
    private String tenant = "";

    @Option(
        names = "--client",
        required = true,
        paramLabel = "ID",
        description = "The app registration's client id")
    private String client = "";

    @Option(
        names = "--client-secret-file",
        paramLabel = "FILE",
        description = "Holds its client secret. Default: the variable " + CLIENT_SECRET)
    private @Nullable Path clientSecretFile;
  }
}
