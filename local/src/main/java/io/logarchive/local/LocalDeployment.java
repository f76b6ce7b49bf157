package io.logarchive.local;

import io.logarchive.archive.BucketProvider;
import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.DynamoDbTable;
import io.logarchive.aws.S3ArchiveStorageProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The whole service in this process: its functions behind an HTTP server, over the embedded
 * engines.
 */
final class LocalDeployment implements AutoCloseable {
  /** A bucket for the demo account, as a customer would own one. */
  static final String DEMO_BUCKET = "demo-logs";

  /** Another, for {@code logarchive check}: a bucket is one account's alone. */
  static final String CHECK_BUCKET = "check-logs";

  private static final Logger LOG = LoggerFactory.getLogger(LocalDeployment.class);
  private static final String REGION = "us-east-1";
  private static final String TABLE = "logarchive";
  private static final String OWN_BUCKET = "logarchive-deployment";
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);
  private static final Duration EXPIRE_EVERY = Duration.ofMinutes(1);

  /**
   * Small enough that a restore of a day on this machine is worked on in parallel and shows
   * progress.
   */
  private static final int SLICE_BYTES = 16 << 20;

  private final Engines engines;
  private final LocalSecrets secrets;
  private final Functions functions;
  private final ScheduledExecutorService schedule;
  private final LocalHttpServer server;

  private LocalDeployment(
      Engines engines,
      LocalSecrets secrets,
      Functions functions,
      ScheduledExecutorService schedule,
      LocalHttpServer server) {
    this.engines = engines;
    this.secrets = secrets;
    this.functions = functions;
    this.schedule = schedule;
    this.server = server;
  }

  /**
   * Starts it; what an earlier run left in the directory goes on.
   *
   * @param port 0 for any free one
   */
  static LocalDeployment start(Path directory, int port, LocalWiring machine) throws IOException {
    return start(directory, port, machine, Map.of(), HttpClient::newBuilder);
  }

  /**
   * Starts it with more, or with other, variables in the functions' environment.
   *
   * @param port 0 for any free one
   * @param azureHttp makes what calls Azure
   */
  static LocalDeployment start(
      Path directory,
      int port,
      LocalWiring machine,
      Map<String, String> variables,
      Supplier<HttpClient.Builder> azureHttp)
      throws IOException {
    LocalSecrets secrets = LocalSecrets.keptIn(directory, machine.random());
    Engines engines = Engines.start(directory, secrets.s3Key());
    try {
      engines.s3().createBucket(OWN_BUCKET);
      createBuckets(engines);
      new DynamoDbTable(clients(engines, secrets), TABLE).create();
      Map<String, String> environment = environment(engines, secrets);
      environment.putAll(variables);
      return start(
          engines,
          secrets,
          port,
          LambdaFunctions.of(environment, azureHttp, machine, slicesAtOnce()),
          machine);
    } catch (IOException | RuntimeException e) {
      engines.close();
      throw e;
    }
  }

  /**
   * Starts it as it is on a cloud, with containers of Azure in reach.
   *
   * @param port 0 for any free one
   */
  static LocalDeployment start(
      Cloud cloud, Path directory, int port, LocalWiring machine, EmbeddedAzure azure)
      throws IOException {
    return switch (cloud) {
      case AWS -> start(directory, port, machine, azure.environment(), azure::http);
      case AZURE -> startOnAzure(directory, port, machine, azure, Map.of());
    };
  }

  /**
   * Starts it as it is on Azure, in what is Azure here.
   *
   * @param port 0 for any free one
   */
  static LocalDeployment startOnAzure(
      Path directory,
      int port,
      LocalWiring machine,
      EmbeddedAzure azure,
      Map<String, String> variables)
      throws IOException {
    LocalSecrets secrets = LocalSecrets.keptIn(directory, machine.random());
    Engines engines = Engines.start(Cloud.AZURE, directory, secrets.s3Key());
    try {
      createBuckets(engines);
      azure.createContainer(OWN_BUCKET);
      azure.createTable(TABLE);
      Map<String, String> environment = common(engines, secrets);
      environment.putAll(azure.environment());
      environment.putAll(azure.ownEnvironment());
      environment.put("TABLE_NAME", TABLE);
      environment.put("DEPLOYMENT_CONTAINER", OWN_BUCKET);
      environment.putAll(variables);
      return start(
          engines,
          secrets,
          port,
          HostFunctions.of(environment, azure::http, machine, slicesAtOnce()),
          machine);
    } catch (IOException | RuntimeException e) {
      engines.close();
      throw e;
    }
  }

  private static int slicesAtOnce() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  private static void createBuckets(Engines engines) throws IOException {
    engines.s3().createBucket(DEMO_BUCKET);
    engines.s3().createBucket(CHECK_BUCKET);
  }

  private static LocalDeployment start(
      Engines engines, LocalSecrets secrets, int port, Functions functions, LocalWiring machine)
      throws IOException {
    ScheduledExecutorService schedule =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("schedule").factory());
    LocalHttpServer server = LocalHttpServer.start(port, functions.front(), machine::requestId);
    every(SWEEP_EVERY, schedule, "SweepRestores", functions::sweepRestores);
    every(EXPIRE_EVERY, schedule, "ExpireRestores", functions::expireRestores);
    return new LocalDeployment(engines, secrets, functions, schedule, server);
  }

  URI uri() {
    return server.uri();
  }

  /** Where it takes compressed logs. */
  URI octets() {
    return uri().resolve(functions.octets());
  }

  LocalSecrets secrets() {
    return secrets;
  }

  /** Opens buckets as their owners do. */
  BucketProvider storages() {
    return new S3ArchiveStorageProvider(clients(engines, secrets));
  }

  URI s3Endpoint() {
    return engines.s3().endpoint();
  }

  @Override
  public void close() throws IOException {
    try (engines;
        functions;
        server) {
      stopSchedule();
    }
  }

  /** Lets the function that runs now come to its end; those to come do not start. */
  private void stopSchedule() {
    schedule.shutdown();
    try {
      if (!schedule.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a scheduled function still runs while the process ends");
      }
    } catch (InterruptedException e) {
      schedule.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> environment(Engines engines, LocalSecrets secrets) {
    Map<String, String> environment = common(engines, secrets);
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_ACCESS_KEY_ID", secrets.s3Key().id());
    environment.put("AWS_SECRET_ACCESS_KEY", secrets.s3Key().secret());
    environment.put("TABLE_NAME", TABLE);
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", engines.dynamoDb().endpoint().toString());
    environment.put("DEPLOYMENT_BUCKET", OWN_BUCKET);
    return environment;
  }

  /** What functions are told on every cloud. */
  private static Map<String, String> common(Engines engines, LocalSecrets secrets) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("DEPLOYMENT_ID", secrets.deploymentId());
    environment.put("AWS_ENDPOINT_URL_S3", engines.s3().endpoint().toString());
    environment.put("ADMIN_TOKEN_SHA256", secrets.adminToken().hash());
    environment.put("SEALING_KEY_FILE", secrets.keyFile().toString());
    environment.put("OPENSEARCH_ENDPOINT", engines.openSearch().endpoint().toString());
    environment.put("OPENSEARCH_REPLICAS", "0");
    environment.put("RESTORE_SLICE_RAW_BYTES", Integer.toString(SLICE_BYTES));
    environment.put("RESTORE_START_GRACE_SECONDS", "2");
    // Whoever runs it shares it with nobody, and may test it with thousands of requests.
    environment.put("CONTROL_REQUESTS_PER_MINUTE", "1000000");
    environment.put("SEARCH_REQUESTS_PER_MINUTE", "1000000");
    return environment;
  }

  private static AwsClients clients(Engines engines, LocalSecrets secrets) {
    return new AwsClients(
        REGION,
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(secrets.s3Key().id(), secrets.s3Key().secret())),
        new AwsEndpoints(
            engines.s3().endpoint(), engines.dynamoDbEndpoint(), null, null, null, null));
  }

  private static void every(
      Duration pause, ScheduledExecutorService schedule, String name, Runnable function) {
    // Its only failure is logged below.
    Future<?> unused =
        schedule.scheduleWithFixedDelay(
            () -> {
              try {
                function.run();
              } catch (RuntimeException e) {
                // The next run tries again; a schedule ends with the first exception that leaves
                // it.
                LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("function", name)
                    .log("scheduled function failed");
              }
            },
            0,
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
  }
}
