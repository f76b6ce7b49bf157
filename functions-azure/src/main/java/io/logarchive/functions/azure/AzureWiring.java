package io.logarchive.functions.azure;

import static io.logarchive.service.ServiceWiring.once;

import com.microsoft.azure.functions.ExecutionContext;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.SecretSealer;
import io.logarchive.archive.StorageProviders;
import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.S3ArchiveStorageProvider;
import io.logarchive.azure.AzureClients;
import io.logarchive.azure.AzureEndpoints;
import io.logarchive.azure.AzureLogin;
import io.logarchive.azure.AzureTable;
import io.logarchive.azure.BlobArchiveStorageProvider;
import io.logarchive.azure.KeyVaultDeploymentSignature;
import io.logarchive.azure.KeyVaultSecretSealer;
import io.logarchive.azure.TableAccountStore;
import io.logarchive.azure.TableArchiveSettingsStore;
import io.logarchive.azure.TableAuditLog;
import io.logarchive.azure.TableExpiry;
import io.logarchive.azure.TableRequestWindows;
import io.logarchive.azure.TableRestoreStore;
import io.logarchive.functions.CountedMetrics;
import io.logarchive.functions.InvocationMetrics;
import io.logarchive.functions.Invocations;
import io.logarchive.http.Api;
import io.logarchive.http.CountedApi;
import io.logarchive.opensearch.OpenSearchConfig;
import io.logarchive.opensearch.OpenSearchRestoredAccounts;
import io.logarchive.restore.CountSlice;
import io.logarchive.restore.CutRestore;
import io.logarchive.restore.ExpireRestores;
import io.logarchive.restore.FailRestore;
import io.logarchive.restore.FinishRestore;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.restore.StartRequestedRestore;
import io.logarchive.restore.SweepRestores;
import io.logarchive.service.Login;
import io.logarchive.service.ServiceWiring;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/**
 * The service on Azure: its adapters there, and what each invocation needs around it. A worker has
 * one, and all its invocations use it at once: the host makes the functions themselves anew for
 * each.
 */
public final class AzureWiring {
  /**
   * How long one call works on a slice: what the platform leaves to run when it is renewed. Where
   * the time of {@code host.json} is over, the host ends the worker with all that runs there, and
   * has the step done again; so that is longer, and for steps that hang.
   */
  static final Duration LONGEST_SLICE = Duration.ofMinutes(10);

  /** Longer than a restore's workflow runs, and than anybody asks what became of it. */
  private static final Duration HISTORY_KEPT = Duration.ofDays(30);

  /** Buckets are found wherever they are; this is only where the search begins. */
  private static final String REGION = "us-east-1";

  /** How functions call the binding to Durable Functions. */
  static final String DURABLE = "durable";

  private static final Supplier<AzureWiring> WORKER = once(() -> ofEnvironment(System.getenv()));

  private final ServiceWiring service;
  private final InvocationMetrics metrics;
  private final Invocations invocations;
  private final DurableClients durable;
  private final Runnable removeExpired;
  private final Supplier<HttpFunction> accounts;
  private final Supplier<HttpFunction> archiveSettings;
  private final Supplier<HttpFunction> restores;
  private final Supplier<HttpFunction> search;
  private final Supplier<HttpFunction> ingest;
  private final Supplier<HttpFunction> health;
  private final Supplier<StartRequestedRestore> startRequestedRestore;
  private final Supplier<PlanRestore> planRestore;
  private final Supplier<CountSlice> countSlice;
  private final Supplier<CutRestore> cutRestore;
  private final Supplier<RestoreSlice> restoreSlice;
  private final Supplier<FinishRestore> finishRestore;
  private final Supplier<FailRestore> failRestore;
  private final Supplier<ExpireRestores> expireRestores;
  private final Supplier<SweepRestores> sweepRestores;

  /**
   * @param metrics of all invocations of the worker: lines of invocations that run at once may tell
   *     each other's
   * @param removeExpired removes what is kept for a time only
   */
  AzureWiring(
      ServiceWiring service,
      InvocationMetrics metrics,
      DurableClients durable,
      Runnable removeExpired) {
    this.service = service;
    this.metrics = metrics;
    this.invocations = new Invocations(service.clock(), metrics, "invocationId");
    this.durable = durable;
    this.removeExpired = removeExpired;
    this.accounts = http(service::accountsApi);
    this.archiveSettings = http(service::archiveSettingsApi);
    this.restores = http(service::restoreApi);
    this.search = http(service::searchApi);
    this.ingest =
        once(
            () ->
                new HttpFunction(
                    new CountedApi(
                        WholeBodies.ofLogs(FewAtOnce.ofThisHeap(service.ingestApi())), metrics),
                    invocations));
    this.health = http(service::healthApi);
    this.startRequestedRestore = once(service::startRequestedRestore);
    this.planRestore = once(service::planRestore);
    this.countSlice = once(service::countSlice);
    this.cutRestore = once(service::cutRestore);
    this.restoreSlice = once(service::restoreSlice);
    this.finishRestore = once(service::finishRestore);
    this.failRestore = once(service::failRestore);
    this.expireRestores = once(service::expireRestores);
    this.sweepRestores = once(service::sweepRestores);
  }

  /**
   * The worker's own, of the process's environment.
   *
   * @throws IllegalArgumentException naming every key with a problem, at each call
   */
  static AzureWiring ofWorker() {
    return WORKER.get();
  }

  private Supplier<HttpFunction> http(Supplier<Api> api) {
    return once(
        () ->
            new HttpFunction(new CountedApi(WholeBodies.ofJson(api.get()), metrics), invocations));
  }

  InstantSource clock() {
    return service.clock();
  }

  StepRunner steps() {
    return new StepRunner(this);
  }

  DurableClients durable() {
    return durable;
  }

  HttpFunction accounts() {
    return accounts.get();
  }

  HttpFunction archiveSettings() {
    return archiveSettings.get();
  }

  HttpFunction restores() {
    return restores.get();
  }

  HttpFunction search() {
    return search.get();
  }

  HttpFunction ingest() {
    return ingest.get();
  }

  HttpFunction health() {
    return health.get();
  }

  StartRequestedRestore startRequestedRestore() {
    return startRequestedRestore.get();
  }

  PlanRestore planRestore() {
    return planRestore.get();
  }

  CountSlice countSlice() {
    return countSlice.get();
  }

  CutRestore cutRestore() {
    return cutRestore.get();
  }

  RestoreSlice restoreSlice() {
    return restoreSlice.get();
  }

  FinishRestore finishRestore() {
    return finishRestore.get();
  }

  FailRestore failRestore() {
    return failRestore.get();
  }

  ExpireRestores expireRestores() {
    return expireRestores.get();
  }

  SweepRestores sweepRestores() {
    return sweepRestores.get();
  }

  void removeExpired() {
    removeExpired.run();
  }

  /** Runs what is nobody's request, with a line in the log. */
  void run(ExecutionContext context, Runnable work) {
    invocations.run(
        Calls.of(context),
        line -> {
          work.run();
          return line;
        });
  }

  /** Runs a step of a restore, with a line in the log. */
  StepText.Outcome step(ExecutionContext context, Supplier<StepText.Outcome> step) {
    AtomicReference<StepText.Outcome> outcome = new AtomicReference<>();
    invocations.run(
        Calls.of(context),
        line -> {
          outcome.setPlain(step.get());
          return line.addKeyValue("output", outcome.getPlain().kind());
        });
    return outcome.getPlain();
  }

  /** For the host: of the process's own environment. */
  private static AzureWiring ofEnvironment(Map<String, String> environment) {
    DurableClients durable = new DurableClients();
    DurableRestoreWorkflow workflow = new DurableRestoreWorkflow(durable);
    return of(
        environment,
        HttpClient::newBuilder,
        durable,
        wiring -> workflow,
        now -> workflow.forget(now.minus(HISTORY_KEPT)));
  }

  /**
   * Of an environment in which something else than Durable Functions runs restores.
   *
   * @param azureHttp makes what calls Azure, and so says which certificates it trusts
   * @param workflow makes that, once something asks for it; may make functions of the wiring
   * @throws IllegalArgumentException naming every key with a problem
   */
  public static AzureWiring of(
      Map<String, String> environment,
      Supplier<HttpClient.Builder> azureHttp,
      Function<AzureWiring, RestoreWorkflow> workflow) {
    return of(environment, azureHttp, new DurableClients(), workflow, now -> {});
  }

  /** What {@link #of} gets from a wiring that is not made yet when the workflow is named. */
  private static AzureWiring of(
      Map<String, String> environment,
      Supplier<HttpClient.Builder> azureHttp,
      DurableClients durable,
      Function<AzureWiring, RestoreWorkflow> workflow,
      Consumer<Instant> forgetWorkflows) {
    AzureConfig config = AzureConfig.of(environment);
    InstantSource clock = InstantSource.system();
    InvocationMetrics metrics = new CountedMetrics();
    Parts parts = new Parts(config, azureHttp, clock);
    AtomicReference<AzureWiring> made = new AtomicReference<>();
    ServiceWiring service =
        new ServiceWiring(
            config.service(),
            parts.adapters(metrics),
            () -> workflow.apply(Objects.requireNonNull(made.get())));
    AzureWiring wiring =
        new AzureWiring(
            service,
            metrics,
            durable,
            () -> {
              parts.expiry().run(clock.instant());
              forgetWorkflows.accept(clock.instant());
            });
    made.set(wiring);
    return wiring;
  }

  /** What the service on Azure is made of, each part when something first asks for it. */
  private static final class Parts {
    private static final int LIVE_PAGE = 100;
    private static final int AUDIT_PAGE = 100;

    private final AzureConfig config;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Supplier<AzureClients> clients;
    private final Supplier<AzureTable> table;
    private final Supplier<TableAuditLog> audit;
    private final Supplier<BlobArchiveStorageProvider> containers;

    Parts(AzureConfig config, Supplier<HttpClient.Builder> http, InstantSource clock) {
      this.config = config;
      this.clock = clock;
      this.clients =
          once(
              () ->
                  new AzureClients(
                      new AzureEndpoints(config.authority(), config.customerBlobs()), http));
      this.table =
          once(
              () ->
                  new AzureTable(clients.get(), config.tables(), config.table(), login(), random));
      this.audit = once(() -> new TableAuditLog(table.get(), config.auditKept(), AUDIT_PAGE));
      this.containers = once(() -> new BlobArchiveStorageProvider(clients.get()));
    }

    ServiceWiring.Adapters adapters(InvocationMetrics metrics) {
      return new ServiceWiring.Adapters(
          () -> new TableAccountStore(table.get(), audit.get(), clock),
          () -> new TableArchiveSettingsStore(table.get(), audit.get()),
          () -> new TableRestoreStore(table.get(), audit.get(), LIVE_PAGE, clock),
          audit::get,
          () -> new TableRequestWindows(table.get()),
          () -> new StorageProviders(once(this::buckets), containers),
          () -> containers.get().openOwn(config.blobs(), config.container(), "restores", login()),
          () -> new OpenSearchRestoredAccounts(openSearch()),
          this::sealer,
          this::signature,
          metrics,
          clock);
    }

    TableExpiry expiry() {
      return new TableExpiry(table.get());
    }

    /** Customers' buckets, each by its access key: the deployment itself is nobody to AWS. */
    private S3ArchiveStorageProvider buckets() {
      return new S3ArchiveStorageProvider(
          new AwsClients(
              REGION,
              AnonymousCredentialsProvider.create(),
              new AwsEndpoints(config.s3(), null, null, null, null, null)));
    }

    private AzureLogin login() {
      return switch (config.identity()) {
        case AzureConfig.Identity.Managed managed -> identity(managed);
        case AzureConfig.Identity.AccountKey key ->
            new AzureLogin.AccountKey(key.account().name(), key.account().secret());
      };
    }

    private static AzureLogin.ManagedIdentity identity(AzureConfig.Identity.Managed managed) {
      return new AzureLogin.ManagedIdentity(
          managed.clientId(), managed.endpoint(), managed.header());
    }

    private SecretSealer sealer() {
      return switch (config.keys()) {
        case AzureConfig.Keys.InVault vault ->
            new KeyVaultSecretSealer(
                clients.get(), vaultIdentity(), vault.sealingKey().toString(), random, clock);
        case AzureConfig.Keys.InFile file -> deploymentKey(file);
      };
    }

    private DeploymentSignature signature() {
      return switch (config.keys()) {
        case AzureConfig.Keys.InVault vault ->
            new KeyVaultDeploymentSignature(
                clients.get(), vaultIdentity(), vault.signingKey().toString());
        case AzureConfig.Keys.InFile file -> deploymentKey(file);
      };
    }

    private AzureLogin.ManagedIdentity vaultIdentity() {
      return switch (config.identity()) {
        case AzureConfig.Identity.Managed managed -> identity(managed);
        case AzureConfig.Identity.AccountKey key ->
            throw new IllegalStateException("The configuration lets no account key open a vault");
      };
    }

    private DeploymentKey deploymentKey(AzureConfig.Keys.InFile file) {
      return new DeploymentKey(Base64.getDecoder().decode(file.key().value()), random);
    }

    private OpenSearchConfig openSearch() {
      Login login = config.openSearchLogin();
      return new OpenSearchConfig(
          config.openSearchEndpoint(),
          login == null ? null : () -> new OpenSearchConfig.Login(login.name(), login.secret()),
          config.openSearchReplicas(),
          config.service().deploymentId());
    }
  }
}
