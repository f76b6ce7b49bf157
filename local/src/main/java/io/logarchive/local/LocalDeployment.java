package io.logarchive.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.logarchive.archive.BucketProvider;
import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.DynamoDbTable;
import io.logarchive.aws.S3ArchiveStorageProvider;
import io.logarchive.functions.aws.AccountsHandler;
import io.logarchive.functions.aws.ArchiveSettingsHandler;
import io.logarchive.functions.aws.AwsWiring;
import io.logarchive.functions.aws.ExpireRestoresHandler;
import io.logarchive.functions.aws.HealthHandler;
import io.logarchive.functions.aws.IngestHandler;
import io.logarchive.functions.aws.RestoreHandler;
import io.logarchive.functions.aws.SearchHandler;
import io.logarchive.functions.aws.SweepRestoresHandler;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
  private static final Duration HTTP_TIME_LIMIT = Duration.ofSeconds(30);
  private static final Duration STEP_TIME_LIMIT = Duration.ofMinutes(15);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);
  private static final Duration EXPIRE_EVERY = Duration.ofMinutes(1);

  /**
   * Small enough that a restore of a day on this machine is worked on in parallel and shows
   * progress.
   */
  private static final int SLICE_BYTES = 16 << 20;

  private final Engines engines;
  private final LocalSecrets secrets;
  private final LocalRestoreWorkflow workflow;
  private final ScheduledExecutorService schedule;
  private final LocalHttpServer server;

  private LocalDeployment(
      Engines engines,
      LocalSecrets secrets,
      LocalRestoreWorkflow workflow,
      ScheduledExecutorService schedule,
      LocalHttpServer server) {
    this.engines = engines;
    this.secrets = secrets;
    this.workflow = workflow;
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
      engines.s3().createBucket(DEMO_BUCKET);
      engines.s3().createBucket(CHECK_BUCKET);
      new DynamoDbTable(clients(engines, secrets), TABLE).create();
      Map<String, String> environment = environment(engines, secrets);
      environment.putAll(variables);
      return start(engines, secrets, port, machine, environment, azureHttp);
    } catch (IOException | RuntimeException e) {
      engines.close();
      throw e;
    }
  }

  private static LocalDeployment start(
      Engines engines,
      LocalSecrets secrets,
      int port,
      LocalWiring machine,
      Map<String, String> environment,
      Supplier<HttpClient.Builder> azureHttp)
      throws IOException {
    int slicesAtOnce = Math.max(2, Runtime.getRuntime().availableProcessors());
    AtomicReference<LocalRestoreWorkflow> workflow = new AtomicReference<>();
    AwsWiring wiring =
        AwsWiring.of(
            environment,
            azureHttp,
            own -> {
              workflow.set(
                  new LocalRestoreWorkflow(
                      new LambdaSteps(own, machine, STEP_TIME_LIMIT), slicesAtOnce));
              return workflow.get();
            });
    ScheduledExecutorService schedule =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("schedule").factory());
    LocalHttpServer server =
        LocalHttpServer.start(port, new Front(wiring, machine), machine::requestId);
    every(SWEEP_EVERY, schedule, "SweepRestores", new SweepRestoresHandler(wiring), machine);
    every(EXPIRE_EVERY, schedule, "ExpireRestores", new ExpireRestoresHandler(wiring), machine);
    return new LocalDeployment(engines, secrets, workflow.get(), schedule, server);
  }

  URI uri() {
    return server.uri();
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
        workflow;
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
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_ACCESS_KEY_ID", secrets.s3Key().id());
    environment.put("AWS_SECRET_ACCESS_KEY", secrets.s3Key().secret());
    environment.put("TABLE_NAME", TABLE);
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", engines.dynamoDb().endpoint().toString());
    environment.put("DEPLOYMENT_ID", secrets.deploymentId());
    environment.put("DEPLOYMENT_BUCKET", OWN_BUCKET);
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
            engines.s3().endpoint(), engines.dynamoDb().endpoint(), null, null, null, null));
  }

  private static void every(
      Duration pause,
      ScheduledExecutorService schedule,
      String name,
      RequestHandler<ScheduledEvent, @Nullable Void> function,
      LocalWiring machine) {
    // Its only failure is logged below.
    Future<?> unused =
        schedule.scheduleWithFixedDelay(
            () -> {
              try {
                function.handleRequest(
                    new ScheduledEvent(),
                    new LambdaCall(
                        name,
                        machine.requestId(),
                        machine.clock().instant().plus(STEP_TIME_LIMIT),
                        machine.clock()));
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

  /** Which function answers which path: the gateway's part. */
  private static final class Front implements Endpoint {
    private final Endpoint accounts;
    private final Endpoint settings;
    private final Endpoint restores;
    private final Endpoint search;
    private final Endpoint ingest;
    private final Endpoint health;

    Front(AwsWiring wiring, LocalWiring machine) {
      this.accounts = restApi("Accounts", new AccountsHandler(wiring), machine);
      this.settings = restApi("ArchiveSettings", new ArchiveSettingsHandler(wiring), machine);
      this.restores = restApi("Restore", new RestoreHandler(wiring), machine);
      this.search = restApi("Search", new SearchHandler(wiring), machine);
      this.health = restApi("Health", new HealthHandler(wiring), machine);
      this.ingest =
          new LambdaEndpoint(
              "Ingest",
              new IngestHandler(wiring),
              LambdaEvents::functionUrl,
              HTTP_TIME_LIMIT,
              machine.clock());
    }

    @Override
    public Reply answer(Request request) {
      return endpoint(request.path()).answer(request);
    }

    private Endpoint endpoint(String path) {
      if (path.isEmpty() || path.equals("/")) {
        return ingest;
      }
      if (path.startsWith("/v1/account-management/") || path.equals("/v1/audit")) {
        return accounts;
      }
      if (path.startsWith("/v2/archive/settings")) {
        return settings;
      }
      if (path.startsWith("/archive/restore")) {
        return restores;
      }
      return path.equals("/v1/search") || path.equals("/v1/scroll") ? search : health;
    }

    private static Endpoint restApi(
        String name, RequestStreamHandler handler, LocalWiring machine) {
      return new LambdaEndpoint(
          name, handler, LambdaEvents::restApi, HTTP_TIME_LIMIT, machine.clock());
    }
  }
}
