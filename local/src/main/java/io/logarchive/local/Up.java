package io.logarchive.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the service until it is told to stop. */
@Command(
    name = "up",
    description = "Runs the service until Ctrl-C. It listens on the loopback interface only.",
    mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {
  private static final String CURL_LINES =
      """
      To try it, in another shell:
        . DEMO_ENV
        # 1. set up the demo account's archive in a PLACE
        curl -H "X-API-TOKEN: $LOGARCHIVE_API_TOKEN" "$LOGARCHIVE_URL/v2/archive/settings" -d 'SETTINGS'
        # 2. send logs
        echo '{"level":"INFO","message":"hello archive"}' |
          curl "$LOGARCHIVE_INGEST_URL?token=$LOGARCHIVE_SHIPPING_TOKEN&type=demo" --data-binary @-
        # 3. restore the last hour, and see how far it is
        curl -H "X-API-TOKEN: $LOGARCHIVE_API_TOKEN" "$LOGARCHIVE_URL/archive/restore" \\
          -d '{"accountName":"the last hour","startTime":'$(($(date +%s) - 3600))',"endTime":'$(($(date +%s) + 60))'}'
        curl -H "X-API-TOKEN: $LOGARCHIVE_API_TOKEN" "$LOGARCHIVE_URL/archive/restore"
        # 4. search what was restored
        curl -H "X-API-TOKEN: $LOGARCHIVE_API_TOKEN" "$LOGARCHIVE_URL/v1/search" \\
          -d '{"query":{"simple_query_string":{"query":"hello"}}}'
      """;

  private static final String IN_A_BUCKET =
      """
      {"storageType":"S3",
          "amazonS3StorageSettings":{"credentialsType":"KEYS","path":"'"$LOGARCHIVE_S3_BUCKET"'","s3SecretCredentials":
          {"accessKey":"'"$LOGARCHIVE_S3_ACCESS_KEY"'","secretKey":"'"$LOGARCHIVE_S3_SECRET_KEY"'"}}}""";

  private static final String IN_A_CONTAINER =
      """
      {"storageType":"BLOB","azureBlobStorageSettings":
          {"tenantId":"'"$LOGARCHIVE_AZURE_TENANT_ID"'","clientId":"'"$LOGARCHIVE_AZURE_CLIENT_ID"'",
          "clientSecret":"'"$LOGARCHIVE_AZURE_CLIENT_SECRET"'","accountName":"'"$LOGARCHIVE_AZURE_ACCOUNT"'",
          "containerName":"'"$LOGARCHIVE_AZURE_CONTAINER"'"}}""";

  private static final String READ_CONTAINER =
      """
        # 5. read the archive without the service
        blob() {
          curl -sS --cacert "$LOGARCHIVE_AZURE_CERTIFICATE" \\
            "$LOGARCHIVE_AZURE_BLOB_ENDPOINT/$LOGARCHIVE_AZURE_CONTAINER$1$LOGARCHIVE_AZURE_SAS"
        }
        blob "?restype=container&comp=list&prefix=dt=&" | grep -o 'dt=[^<]*\\.zst' |
          while read -r name; do blob "/$name?"; done | zstdcat
      """;

  private static final String CONTAINER = "demo-logs";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keeps everything there; a later run with the same --cloud finds it again."
              + " Default: .logarchive, for Azure .logarchive-azure")
  private @Nullable Path data;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where it listens; 0 for any free port. Default: ${DEFAULT-VALUE}")
  private int port = 8080;

  @Option(
      names = "--cloud",
      paramLabel = "aws|azure",
      description =
          "Whose functions run: those for AWS, or those for Azure, which need Node. Default: aws")
  private Cloud cloud = Cloud.AWS;

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(spec.commandLine(), "--port takes 0 to 65535, not " + port);
    }
    Path folder = folder();
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), "--data takes a folder, and " + folder + " is none");
    }
    PrintWriter out = spec.commandLine().getOut();
    LocalWiring machine = LocalWiring.ofThisMachine();
    try (StopSignal stop = new StopSignal();
        DataDirectory directory = DataDirectory.open(folder, cloud);
        EmbeddedAzure azure = azure(directory.path(), machine, out);
        LocalDeployment deployment = start(directory.path(), machine, azure)) {
      DemoAccount demo = DemoAccount.keptIn(directory.path(), deployment, azure);
      Duration up = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
      out.printf(
          "Log Archive is up after %s, with its data in %s%n%n",
          Text.seconds(up), directory.path());
      if (demo.isNew()) {
        out.println("The demo account's tokens, shown this once and kept in " + demo.file() + ":");
        for (Map.Entry<String, String> variable : demo.variables().entrySet()) {
          out.printf("  %-30s %s%n", variable.getKey(), variable.getValue());
        }
      } else {
        out.println("  service           " + deployment.uri());
        out.println("  compressed logs   " + deployment.octets());
        out.println("  S3                " + deployment.s3Endpoint());
        if (azure != null) {
          out.println("  blobs             " + azure.blobEndpoint());
        }
        out.println("The demo account's tokens are in " + demo.file());
      }
      out.println();
      out.print(
          CURL_LINES
              .replace("DEMO_ENV", "'" + demo.file() + "'")
              .replace("PLACE", azure == null ? "bucket" : "container")
              .replace("SETTINGS", azure == null ? IN_A_BUCKET : IN_A_CONTAINER));
      if (azure != null) {
        out.print(READ_CONTAINER);
      }
      out.println();
      out.println("For trying, developing and testing: loopback only, no TLS. Ctrl-C stops it.");
      out.flush();
      stop.await();
      out.println("Stopping ...");
      out.flush();
    }
    return 0;
  }

  private Path folder() {
    if (data != null) {
      return data;
    }
    return Path.of(
        switch (cloud) {
          case AWS -> ".logarchive";
          case AZURE -> ".logarchive-azure";
        });
  }

  private @Nullable EmbeddedAzure azure(Path directory, LocalWiring machine, PrintWriter out)
      throws IOException, InterruptedException {
    return switch (cloud) {
      case AWS -> null;
      case AZURE ->
          EmbeddedAzure.start(
              EmbeddedAzure.installed(out),
              Files.createDirectories(directory.resolve("azurite")),
              machine,
              EmbeddedAzure.containerKeptIn(directory, CONTAINER, machine.random()));
    };
  }

  private LocalDeployment start(Path directory, LocalWiring machine, @Nullable EmbeddedAzure azure)
      throws IOException {
    return azure == null
        ? LocalDeployment.start(directory, port, machine)
        : LocalDeployment.start(cloud, directory, port, machine, azure);
  }
}
