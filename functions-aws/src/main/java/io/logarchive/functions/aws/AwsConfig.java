package io.logarchive.functions.aws;

import io.logarchive.account.Secret;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageRules;
import io.logarchive.service.EnvironmentReader;
import io.logarchive.service.Login;
import io.logarchive.service.ServiceConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the environment tells a deployment; docs/configuration.md explains every key.
 *
 * @param accessKey the deployment's own; null where the functions' role gives it
 * @param awsIdentity null where the deployment has no role that customers could trust
 * @param restoreStateMachine null where something else than Step Functions runs restores
 * @param auditKept how long audit entries are kept
 * @param service what every deployment is told
 */
record AwsConfig(
    String region,
    @Nullable Login accessKey,
    @Nullable Secret sessionToken,
    @Nullable AwsIdentity awsIdentity,
    String table,
    String deploymentBucket,
    Keys keys,
    URI openSearchEndpoint,
    @Nullable LoginSource openSearchLogin,
    int openSearchReplicas,
    @Nullable String restoreStateMachine,
    Endpoints endpoints,
    Duration auditKept,
    ServiceConfig service) {

  /** What seals customers' secrets and signs as the deployment. */
  sealed interface Keys {
    /** Two keys of KMS, by their ARNs. */
    record InKms(String sealingKey, String signingKey) implements Keys {}

    /** The key itself, in base64. */
    record InFile(Secret key) implements Keys {}
  }

  /** Where to have a login from. */
  sealed interface LoginSource {
    /** A secret of Secrets Manager, by its ARN. */
    record InSecretsManager(String secret) implements LoginSource {}

    record InEnvironment(Login login) implements LoginSource {}
  }

  /** Where the services are; null for AWS's and Azure's own. */
  record Endpoints(
      @Nullable URI s3,
      @Nullable URI dynamoDb,
      @Nullable URI stepFunctions,
      @Nullable URI kms,
      @Nullable URI secretsManager,
      @Nullable URI sts,
      @Nullable URI azureAuthority,
      @Nullable URI azureBlobs) {}

  /**
   * Reads all of it.
   *
   * @throws IllegalArgumentException naming every key with a problem
   */
  static AwsConfig of(Map<String, String> environment) {
    EnvironmentReader read = new EnvironmentReader(environment);
    AwsIdentity identity = read.role("ARCHIVE_ACCESS_ROLE_ARN");
    String bucket = read.bucket("DEPLOYMENT_BUCKET");
    AwsConfig config =
        new AwsConfig(
            read.required("AWS_REGION"),
            read.login("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            read.optional("AWS_SESSION_TOKEN").map(Secret::new).orElse(null),
            identity,
            read.required("TABLE_NAME"),
            bucket,
            keys(read),
            read.requiredUrl("OPENSEARCH_ENDPOINT"),
            openSearchLogin(read),
            read.whole("OPENSEARCH_REPLICAS", 1, 0, 5),
            read.optional("RESTORE_STATE_MACHINE_ARN").orElse(null),
            endpoints(read),
            Duration.ofDays(read.whole("AUDIT_DAYS", 400, 1, 36_500)),
            ServiceConfig.of(
                read,
                new StorageRules.Allowed(
                    Set.of(new S3Location(bucket, "").claimKey()),
                    read.flag("SHARED_BUCKETS"),
                    identity,
                    read.flag("OWN_ACCOUNT_ROLES"))));
    read.refuseProblems();
    return config;
  }

  private static Keys keys(EnvironmentReader read) {
    boolean inKms = read.allOrNone("SEALING_KEY_ARN", "SIGNING_KEY_ARN");
    boolean inFile = read.allOrNone("SEALING_KEY_FILE");
    if (inKms == inFile) {
      read.problem(
          inKms
              ? "SEALING_KEY_ARN, SIGNING_KEY_ARN and SEALING_KEY_FILE are set, but the keys are"
                  + " either in KMS or in a file"
              : "SEALING_KEY_ARN and SIGNING_KEY_ARN, or SEALING_KEY_FILE, are missing");
    }
    return inKms
        ? new Keys.InKms(
            read.arn("SEALING_KEY_ARN", "kms", "key/"), read.arn("SIGNING_KEY_ARN", "kms", "key/"))
        : new Keys.InFile(read.keyFile("SEALING_KEY_FILE"));
  }

  private static @Nullable LoginSource openSearchLogin(EnvironmentReader read) {
    Login login = read.login("OPENSEARCH_USERNAME", "OPENSEARCH_PASSWORD");
    if (!read.allOrNone("OPENSEARCH_SECRET_ARN")) {
      return login == null ? null : new LoginSource.InEnvironment(login);
    }
    if (login != null) {
      read.problem(
          "OPENSEARCH_SECRET_ARN, OPENSEARCH_USERNAME and OPENSEARCH_PASSWORD are set, but the"
              + " login is either in Secrets Manager or in the environment");
    }
    return new LoginSource.InSecretsManager(
        read.arn("OPENSEARCH_SECRET_ARN", "secretsmanager", "secret:"));
  }

  /** By the names that AWS's own tools read, and that Azure's do where those have one. */
  private static Endpoints endpoints(EnvironmentReader read) {
    URI all = read.url("AWS_ENDPOINT_URL", null);
    return new Endpoints(
        read.url("AWS_ENDPOINT_URL_S3", all),
        read.url("AWS_ENDPOINT_URL_DYNAMODB", all),
        read.url("AWS_ENDPOINT_URL_SFN", all),
        read.url("AWS_ENDPOINT_URL_KMS", all),
        read.url("AWS_ENDPOINT_URL_SECRETS_MANAGER", all),
        read.url("AWS_ENDPOINT_URL_STS", all),
        read.url("AZURE_AUTHORITY_HOST", null),
        read.url("AZURE_BLOB_ENDPOINT", null));
  }
}
