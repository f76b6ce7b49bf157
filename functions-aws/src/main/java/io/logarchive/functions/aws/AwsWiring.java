package io.logarchive.functions.aws;

import static io.logarchive.service.ServiceWiring.once;

import io.logarchive.account.Secret;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.SecretSealer;
import io.logarchive.archive.StorageProviders;
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
import io.logarchive.azure.AzureClients;
import io.logarchive.azure.AzureEndpoints;
import io.logarchive.azure.BlobArchiveStorageProvider;
import io.logarchive.functions.InvocationMetrics;
import io.logarchive.functions.Invocations;
import io.logarchive.http.Api;
import io.logarchive.http.CountedApi;
import io.logarchive.opensearch.OpenSearchConfig;
import io.logarchive.opensearch.OpenSearchRestoredAccounts;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.service.Login;
import io.logarchive.service.ServiceWiring;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The service on AWS: its adapters there, and what each invocation needs around it. */
public final class AwsWiring {

  private static final int LIVE_PAGE = 100;
  private static final int AUDIT_PAGE = 100;

  private final AwsConfig config;
  private final InvocationMetrics metrics;
  private final ServiceWiring service;

  /**
   * @param adapters what the use cases stand on; it counts by the metrics of the invocations
   */
  AwsWiring(
      AwsConfig config,
      InvocationMetrics metrics,
      ServiceWiring.Adapters adapters,
      Function<AwsWiring, RestoreWorkflow> workflow) {
    this.config = config;
    this.metrics = metrics;
    this.service = new ServiceWiring(config.service(), adapters, () -> workflow.apply(this));
  }

  /** For Lambda: of the process's own environment. */
  static AwsWiring ofEnvironment() {
    AwsConfig config = AwsConfig.of(System.getenv());
    Supplier<AwsClients> clients = once(() -> clients(config));
    InvocationMetrics metrics = new EmbeddedMetrics(config.service().deploymentId(), System.out);
    return new AwsWiring(
        config,
        metrics,
        adapters(config, clients, HttpClient::newBuilder, metrics),
        wiring -> stepFunctions(config, clients.get()));
  }

  /**
   * Of an environment in which something else than Step Functions runs restores.
   *
   * @param azureHttp makes what calls Azure, and so says which certificates it trusts
   * @param workflow makes that, once something asks for it; may make handlers of the wiring
   * @throws IllegalArgumentException naming every key with a problem
   */
  public static AwsWiring of(
      Map<String, String> environment,
      Supplier<HttpClient.Builder> azureHttp,
      Function<AwsWiring, RestoreWorkflow> workflow) {
    AwsConfig config = AwsConfig.of(environment);
    InvocationMetrics metrics = InvocationMetrics.NONE;
    return new AwsWiring(
        config,
        metrics,
        adapters(config, once(() -> clients(config)), azureHttp, metrics),
        workflow);
  }

  ServiceWiring service() {
    return service;
  }

  public InstantSource clock() {
    return service.clock();
  }

  Invocations invocations() {
    return new Invocations(clock(), metrics, "awsRequestId");
  }

  HttpFunction http(Api api) {
    return new HttpFunction(new CountedApi(api, metrics), invocations());
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
      @Nullable Login key, @Nullable Secret sessionToken) {
    if (key == null) {
      return ContainerCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        sessionToken == null
            ? AwsBasicCredentials.create(key.name(), key.secret().value())
            : AwsSessionCredentials.create(key.name(), key.secret().value(), sessionToken.value()));
  }

  private static ServiceWiring.Adapters adapters(
      AwsConfig config,
      Supplier<AwsClients> clients,
      Supplier<HttpClient.Builder> azureHttp,
      InvocationMetrics metrics) {
    Supplier<DynamoDbTable> table = once(() -> new DynamoDbTable(clients.get(), config.table()));
    Supplier<S3ArchiveStorageProvider> buckets =
        once(
            () ->
                new S3ArchiveStorageProvider(
                    clients.get(), config.awsIdentity(), config.service().deploymentId()));
    InstantSource clock = InstantSource.system();
    Supplier<DynamoDbAuditLog> audit =
        once(() -> new DynamoDbAuditLog(table.get(), config.auditKept(), AUDIT_PAGE));
    return new ServiceWiring.Adapters(
        () -> new DynamoDbAccountStore(table.get(), audit.get()),
        () -> new DynamoDbArchiveSettingsStore(table.get(), audit.get()),
        () -> new DynamoDbRestoreStore(table.get(), audit.get(), LIVE_PAGE, clock),
        audit::get,
        () -> new DynamoDbRequestWindows(table.get()),
        () -> storages(buckets.get(), once(() -> containers(config, azureHttp))),
        () -> buckets.get().openOwn(plansLocation(config)),
        () -> new OpenSearchRestoredAccounts(openSearch(config, clients)),
        () -> sealer(config.keys(), clients),
        () -> signature(config.keys(), clients),
        metrics,
        clock);
  }

  /** Buckets are what most archive into: what opens them is there when a function has started. */
  private static StorageProviders storages(
      S3ArchiveStorageProvider buckets, Supplier<BlobArchiveStorageProvider> containers) {
    return new StorageProviders(() -> buckets, containers);
  }

  private static BlobArchiveStorageProvider containers(
      AwsConfig config, Supplier<HttpClient.Builder> http) {
    AwsConfig.Endpoints endpoints = config.endpoints();
    return new BlobArchiveStorageProvider(
        new AzureClients(
            new AzureEndpoints(endpoints.azureAuthority(), endpoints.azureBlobs()), http));
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
        config.service().deploymentId());
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
}
