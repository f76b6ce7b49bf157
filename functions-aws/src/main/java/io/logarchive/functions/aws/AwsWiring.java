package io.logarchive.functions.aws;

import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.ChangeAccount;
import io.logarchive.account.CreateAccount;
import io.logarchive.account.Ids;
import io.logarchive.account.MakeToken;
import io.logarchive.account.RevokeToken;
import io.logarchive.account.RotateToken;
import io.logarchive.account.Secret;
import io.logarchive.account.ShippingTokens;
import io.logarchive.admin.AccountsApi;
import io.logarchive.admin.AuditApi;
import io.logarchive.admin.RemoveAccount;
import io.logarchive.admin.TokensApi;
import io.logarchive.archive.ArchiveSettingsApi;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.Archives;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.AwsTrust;
import io.logarchive.archive.ConnectionTest;
import io.logarchive.archive.CreateArchiveSettings;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.ExternalIds;
import io.logarchive.archive.OwnershipProof;
import io.logarchive.archive.RemoveArchiveSettings;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.SecretSealer;
import io.logarchive.archive.StorageRules;
import io.logarchive.archive.SuspendArchiving;
import io.logarchive.archive.TestArchiveSettings;
import io.logarchive.archive.UpdateArchiveSettings;
import io.logarchive.audit.AuditLog;
import io.logarchive.audit.AuditTrail;
import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.DynamoDbAccountStore;
import io.logarchive.aws.DynamoDbArchiveSettingsStore;
import io.logarchive.aws.DynamoDbAuditLog;
import io.logarchive.aws.DynamoDbRequestWindows;
import io.logarchive.aws.DynamoDbRestoreStore;
import io.logarchive.aws.DynamoDbTable;
import io.logarchive.aws.KmsDeploymentSignature;
import io.logarchive.aws.KmsSecretSealer;
import io.logarchive.aws.S3ArchiveStorageProvider;
import io.logarchive.aws.SecretsManagerLogin;
import io.logarchive.aws.StepFunctionsRestoreWorkflow;
import io.logarchive.http.Api;
import io.logarchive.http.CountedApi;
import io.logarchive.http.HealthApi;
import io.logarchive.ingest.ArchiveBatch;
import io.logarchive.ingest.IngestApi;
import io.logarchive.ingest.IngestLogs;
import io.logarchive.limit.LocalBuckets;
import io.logarchive.limit.RequestLimits;
import io.logarchive.limit.RequestWindows;
import io.logarchive.opensearch.OpenSearchConfig;
import io.logarchive.opensearch.OpenSearchRestoredAccounts;
import io.logarchive.restore.CountSlice;
import io.logarchive.restore.CutRestore;
import io.logarchive.restore.ExpireRestores;
import io.logarchive.restore.FailRestore;
import io.logarchive.restore.FinishRestore;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.RemoveRestore;
import io.logarchive.restore.RestoreApi;
import io.logarchive.restore.RestoreEnd;
import io.logarchive.restore.RestorePlans;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.RestoreSource;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.restore.StartRequestedRestore;
import io.logarchive.restore.StartRestore;
import io.logarchive.restore.SweepRestores;
import io.logarchive.search.SearchApi;
import io.logarchive.search.SearchRestoredAccounts;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A deployment's objects. Each is built when a function first asks for it, so that a function that
 * starts builds only what it uses.
 */
public final class AwsWiring {

  /** What the use cases stand on. */
  record Adapters(
      Supplier<AccountStore> accounts,
      Supplier<ArchiveSettingsStore> settings,
      Supplier<RestoreStore> restores,
      Supplier<AuditLog> audit,
      Supplier<RequestWindows> windows,
      Supplier<ArchiveStorageProvider> storages,
      Supplier<ArchiveStorage> plans,
      Supplier<RestoredAccounts> restoredAccounts,
      Supplier<SecretSealer> sealer,
      Supplier<DeploymentSignature> signature,
      InvocationMetrics metrics,
      InstantSource clock) {

    Adapters {
      accounts = once(accounts);
      settings = once(settings);
      restores = once(restores);
      audit = once(audit);
      windows = once(windows);
      storages = once(storages);
      plans = once(plans);
      restoredAccounts = once(restoredAccounts);
      sealer = once(sealer);
      signature = once(signature);
    }
  }

  private static final int LIVE_PAGE = 100;
  private static final int AUDIT_PAGE = 100;

  private final AwsConfig config;
  private final Adapters adapters;
  private final SecureRandom random = new SecureRandom();
  private final Supplier<RestoreWorkflow> workflow;
  private final Supplier<Archives> archives = once(this::newArchives);

  AwsWiring(AwsConfig config, Adapters adapters, Function<AwsWiring, RestoreWorkflow> workflow) {
    this.config = config;
    this.adapters = adapters;
    this.workflow = once(() -> workflow.apply(this));
  }

  /** For Lambda: of the process's own environment. */
  static AwsWiring ofEnvironment() {
    AwsConfig config = AwsConfig.of(System.getenv());
    Supplier<AwsClients> clients = once(() -> clients(config));
    return new AwsWiring(
        config,
        adapters(config, clients, new EmbeddedMetrics(config.deploymentId(), System.out)),
        wiring -> stepFunctions(config, clients.get()));
  }

  /**
   * Of an environment in which something else than Step Functions runs restores.
   *
   * @param workflow makes that, once something asks for it; may make handlers of the wiring
   * @throws IllegalArgumentException naming every key with a problem
   */
  public static AwsWiring of(
      Map<String, String> environment, Function<AwsWiring, RestoreWorkflow> workflow) {
    AwsConfig config = AwsConfig.of(environment);
    return new AwsWiring(
        config, adapters(config, once(() -> clients(config)), InvocationMetrics.NONE), workflow);
  }

  public InstantSource clock() {
    return adapters.clock();
  }

  Invocations invocations() {
    return new Invocations(clock(), metrics());
  }

  HttpFunction http(Api api) {
    return new HttpFunction(new CountedApi(api, metrics()), invocations());
  }

  Api healthApi() {
    return new HealthApi();
  }

  Api accountsApi() {
    return new AccountsApi(
            authentication(),
            adapters.accounts().get(),
            new CreateAccount(adapters.accounts().get(), trail(), ids(), clock()),
            new ChangeAccount(adapters.accounts().get(), trail()),
            new RemoveAccount(
                adapters.accounts().get(),
                adapters.settings().get(),
                removeArchiveSettings(),
                adapters.restores().get(),
                removeRestore(),
                trail()))
        .routes()
        .and(
            new TokensApi(
                    authentication(),
                    adapters.accounts().get(),
                    new MakeToken(adapters.accounts().get(), trail(), ids(), clock()),
                    new RotateToken(adapters.accounts().get(), trail(), ids(), clock()),
                    new RevokeToken(adapters.accounts().get(), trail(), clock()),
                    clock())
                .routes())
        .and(
            new AuditApi(authentication(), adapters.accounts().get(), adapters.audit().get())
                .routes());
  }

  Api archiveSettingsApi() {
    AccountStore accounts = adapters.accounts().get();
    ArchiveSettingsStore settings = adapters.settings().get();
    SecretSealer sealer = adapters.sealer().get();
    StorageRules rules =
        new StorageRules(
            settings,
            sealer,
            externalIds(),
            new StorageRules.Allowed(
                Set.of(config.deploymentBucket()),
                config.sharedBuckets(),
                awsIdentity(),
                config.ownAccountRoles()));
    ConnectionTest connectionTest =
        new ConnectionTest(adapters.storages().get(), proof(), clock(), awsIdentity());
    return new ArchiveSettingsApi(
        authentication(),
        new CreateArchiveSettings(
            accounts,
            settings,
            removeArchiveSettings(),
            rules,
            connectionTest,
            trail(),
            ids(),
            clock()),
        new UpdateArchiveSettings(accounts, settings, rules, connectionTest, trail(), clock()),
        new TestArchiveSettings(accounts, settings, rules, connectionTest, sealer, trail()),
        removeArchiveSettings(),
        settings,
        new AwsTrust(accounts, externalIds(), awsIdentity()));
  }

  private RemoveArchiveSettings removeArchiveSettings() {
    return new RemoveArchiveSettings(adapters.settings().get(), trail());
  }

  Api ingestApi() {
    return new IngestApi(
        new ShippingTokens(adapters.accounts().get(), clock()),
        new LocalBuckets(config.ingestRate(), clock()),
        new IngestLogs(
            adapters.settings().get(),
            archives.get(),
            new SuspendArchiving(adapters.settings().get(), trail()),
            new ArchiveBatch(metrics()),
            metrics(),
            clock(),
            config.ingestLimits()));
  }

  Api restoreApi() {
    return new RestoreApi(
        authentication(), startRequestedRestore(), removeRestore(), adapters.restores().get());
  }

  StartRequestedRestore startRequestedRestore() {
    return new StartRequestedRestore(
        new StartRestore(
            adapters.accounts().get(),
            source(),
            adapters.restores().get(),
            workflow.get(),
            ids(),
            trail(),
            metrics(),
            clock(),
            config.restoreLimits()));
  }

  Api searchApi() {
    return new SearchApi(
        authentication(),
        new SearchRestoredAccounts(adapters.restores().get(), adapters.restoredAccounts().get()));
  }

  PlanRestore planRestore() {
    return new PlanRestore(
        adapters.restores().get(),
        source(),
        plans(),
        adapters.restoredAccounts().get(),
        failRestore(),
        clock(),
        config.sliceLimits());
  }

  CountSlice countSlice() {
    return new CountSlice(adapters.restores().get(), source(), plans(), clock());
  }

  CutRestore cutRestore() {
    return new CutRestore(adapters.restores().get(), plans(), failRestore());
  }

  RestoreSlice restoreSlice() {
    return new RestoreSlice(
        adapters.restores().get(),
        source(),
        plans(),
        adapters.restoredAccounts().get(),
        metrics(),
        clock(),
        config.bulkLimits());
  }

  FinishRestore finishRestore() {
    return new FinishRestore(
        adapters.restores().get(), adapters.restoredAccounts().get(), metrics(), clock());
  }

  FailRestore failRestore() {
    return new FailRestore(
        adapters.restores().get(), adapters.restoredAccounts().get(), end(), clock());
  }

  ExpireRestores expireRestores() {
    return new ExpireRestores(
        adapters.restores().get(), adapters.restoredAccounts().get(), end(), clock());
  }

  SweepRestores sweepRestores() {
    return new SweepRestores(
        adapters.restores().get(),
        workflow.get(),
        failRestore(),
        metrics(),
        clock(),
        config.startGrace());
  }

  private static AwsClients clients(AwsConfig config) {
    AwsConfig.Endpoints endpoints = config.endpoints();
    return new AwsClients(
        config.region(),
        credentials(config.accessKey(), config.sessionToken()),
        new AwsEndpoints(
            endpoints.s3(),
            endpoints.dynamoDb(),
            endpoints.stepFunctions(),
            endpoints.kms(),
            endpoints.secretsManager(),
            endpoints.sts()));
  }

  /**
   * Lambda gives a key in the environment, or with a snapshot, whose key would have expired when it
   * is restored, the address of a service that has one. The SDK's default chain would look at
   * system properties, profile files and the address of an EC2 machine too: a slower start, and a
   * wait where nobody answers.
   */
  private static AwsCredentialsProvider credentials(
      AwsConfig.@Nullable Login key, @Nullable Secret sessionToken) {
    if (key == null) {
      return ContainerCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        sessionToken == null
            ? AwsBasicCredentials.create(key.name(), key.secret().value())
            : AwsSessionCredentials.create(key.name(), key.secret().value(), sessionToken.value()));
  }

  private static Adapters adapters(
      AwsConfig config, Supplier<AwsClients> clients, InvocationMetrics metrics) {
    Supplier<DynamoDbTable> table = once(() -> new DynamoDbTable(clients.get(), config.table()));
    Supplier<S3ArchiveStorageProvider> storages =
        once(
            () ->
                new S3ArchiveStorageProvider(
                    clients.get(), config.awsIdentity(), config.deploymentId()));
    InstantSource clock = InstantSource.system();
    Supplier<DynamoDbAuditLog> audit =
        once(() -> new DynamoDbAuditLog(table.get(), config.auditKept(), AUDIT_PAGE));
    return new Adapters(
        () -> new DynamoDbAccountStore(table.get(), audit.get()),
        () -> new DynamoDbArchiveSettingsStore(table.get(), audit.get()),
        () -> new DynamoDbRestoreStore(table.get(), audit.get(), LIVE_PAGE, clock),
        audit::get,
        () -> new DynamoDbRequestWindows(table.get()),
        storages::get,
        () -> storages.get().openOwn(plansLocation(config)),
        () -> new OpenSearchRestoredAccounts(openSearch(config, clients)),
        () -> sealer(config.keys(), clients),
        () -> signature(config.keys(), clients),
        metrics,
        clock);
  }

  /** Where restores keep their plans. */
  S3Location plansLocation() {
    return plansLocation(config);
  }

  private static S3Location plansLocation(AwsConfig config) {
    return new S3Location(config.deploymentBucket(), "restores");
  }

  private static SecretSealer sealer(AwsConfig.Keys keys, Supplier<AwsClients> clients) {
    return switch (keys) {
      case AwsConfig.Keys.InKms kms -> new KmsSecretSealer(clients.get(), kms.sealingKey());
      case AwsConfig.Keys.InFile file -> deploymentKey(file);
    };
  }

  private static DeploymentSignature signature(AwsConfig.Keys keys, Supplier<AwsClients> clients) {
    return switch (keys) {
      case AwsConfig.Keys.InKms kms -> new KmsDeploymentSignature(clients.get(), kms.signingKey());
      case AwsConfig.Keys.InFile file -> deploymentKey(file);
    };
  }

  private static DeploymentKey deploymentKey(AwsConfig.Keys.InFile file) {
    return new DeploymentKey(Base64.getDecoder().decode(file.key().value()), new SecureRandom());
  }

  private static RestoreWorkflow stepFunctions(AwsConfig config, AwsClients clients) {
    String stateMachine = config.restoreStateMachine();
    if (stateMachine == null) {
      throw new IllegalArgumentException("RESTORE_STATE_MACHINE_ARN is missing");
    }
    return new StepFunctionsRestoreWorkflow(clients, stateMachine);
  }

  private static OpenSearchConfig openSearch(AwsConfig config, Supplier<AwsClients> clients) {
    return new OpenSearchConfig(
        config.openSearchEndpoint(),
        openSearchLogin(config.openSearchLogin(), clients),
        config.openSearchReplicas(),
        config.deploymentId());
  }

  private static @Nullable Supplier<OpenSearchConfig.Login> openSearchLogin(
      AwsConfig.@Nullable LoginSource source, Supplier<AwsClients> clients) {
    if (source == null) {
      return null;
    }
    return switch (source) {
      case AwsConfig.LoginSource.InEnvironment given ->
          () -> new OpenSearchConfig.Login(given.login().name(), given.login().secret());
      case AwsConfig.LoginSource.InSecretsManager kept -> {
        Supplier<SecretsManagerLogin> secret =
            once(() -> new SecretsManagerLogin(clients.get(), kept.secret()));
        yield () -> {
          SecretsManagerLogin.Login login = secret.get().read();
          return new OpenSearchConfig.Login(login.username(), login.password());
        };
      }
    };
  }

  private Authentication authentication() {
    return new Authentication(
        adapters.accounts().get(),
        config.adminTokenHash(),
        new RequestLimits(adapters.windows().get(), config.requestLimits(), metrics(), clock()),
        clock());
  }

  private InvocationMetrics metrics() {
    return adapters.metrics();
  }

  private Ids ids() {
    return new Ids(random);
  }

  private AuditTrail trail() {
    return new AuditTrail(random, clock());
  }

  /** Null where the deployment is not on AWS, or has no role there that customers could trust. */
  @Nullable AwsIdentity awsIdentity() {
    return config.awsIdentity();
  }

  ExternalIds externalIds() {
    return new ExternalIds(adapters.signature().get());
  }

  private OwnershipProof proof() {
    return new OwnershipProof(config.deploymentId(), adapters.signature().get());
  }

  private Archives newArchives() {
    return new Archives(
        adapters.storages().get(), adapters.sealer().get(), proof(), metrics(), clock());
  }

  private RestoreSource source() {
    return new RestoreSource(adapters.settings().get(), archives.get());
  }

  private RestorePlans plans() {
    return new RestorePlans(adapters.plans().get());
  }

  private RemoveRestore removeRestore() {
    return new RemoveRestore(adapters.restores().get(), end(), trail(), clock());
  }

  private RestoreEnd end() {
    return new RestoreEnd(adapters.restores().get(), adapters.restoredAccounts().get(), metrics());
  }

  private static <T> Supplier<T> once(Supplier<T> maker) {
    return new Once<>(maker);
  }

  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private @Nullable T made;

    Once(Supplier<T> maker) {
      this.maker = maker;
    }

    @Override
    public synchronized T get() {
      T value = made;
      if (value == null) {
        value = maker.get();
        made = value;
      }
      return value;
    }
  }
}
