package io.logarchive.functions.aws;

import io.logarchive.account.Secret;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.ingest.IngestLimits;
import io.logarchive.limit.RatePerSecond;
import io.logarchive.limit.RequestLimits.PerMinute;
import io.logarchive.restore.RestoreLimits;
import io.logarchive.restore.RestoreSlice.BulkLimits;
import io.logarchive.restore.SliceLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment tells a deployment; docs/configuration.md explains every key.
 *
 * @param accessKey the deployment's own; null where the functions' role gives it
 * @param awsIdentity null where the deployment has no role that customers could trust
 * @param sharedBuckets whether accounts may share a bucket by prefixes
 * @param ownAccountRoles whether customers may name roles of the deployment's own AWS account
 * @param restoreStateMachine null where something else than Step Functions runs restores
 * @param startGrace how long the workflow of a new restore may take to start
 * @param auditKept how long audit entries are kept
 * @param requestLimits requests of one token in a minute
 * @param ingestRate what an account may send in a second
 */
record AwsConfig(
    String region,
    @Nullable Login accessKey,
    @Nullable Secret sessionToken,
    @Nullable AwsIdentity awsIdentity,
    boolean sharedBuckets,
    boolean ownAccountRoles,
    String table,
    String deploymentId,
    String deploymentBucket,
    String adminTokenHash,
    Keys keys,
    URI openSearchEndpoint,
    @Nullable LoginSource openSearchLogin,
    int openSearchReplicas,
    @Nullable String restoreStateMachine,
    Endpoints endpoints,
    IngestLimits ingestLimits,
    RestoreLimits restoreLimits,
    SliceLimits sliceLimits,
    BulkLimits bulkLimits,
    Duration startGrace,
    Duration auditKept,
    PerMinute requestLimits,
    RatePerSecond ingestRate) {

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

  /** A name and what proves it. */
  record Login(String name, Secret secret) {}

  /** Where AWS's services are; null for AWS's own. */
  record Endpoints(
      @Nullable URI s3,
      @Nullable URI dynamoDb,
      @Nullable URI stepFunctions,
      @Nullable URI kms,
      @Nullable URI secretsManager,
      @Nullable URI sts) {}

  /**
   * Reads all of it.
   *
   * @throws IllegalArgumentException naming every key with a problem
   */
  static AwsConfig of(Map<String, String> environment) {
    EnvironmentReader read = new EnvironmentReader(environment);
    AwsConfig config =
        new AwsConfig(
            read.required("AWS_REGION"),
            read.login("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            read.optional("AWS_SESSION_TOKEN").map(Secret::new).orElse(null),
            read.role("ARCHIVE_ACCESS_ROLE_ARN"),
            read.flag("SHARED_BUCKETS"),
            read.flag("OWN_ACCOUNT_ROLES"),
            read.required("TABLE_NAME"),
            read.name("DEPLOYMENT_ID"),
            read.bucket("DEPLOYMENT_BUCKET"),
            read.sha256("ADMIN_TOKEN_SHA256"),
            keys(read),
            read.requiredUrl("OPENSEARCH_ENDPOINT"),
            openSearchLogin(read),
            read.whole("OPENSEARCH_REPLICAS", 1, 0, 5),
            read.optional("RESTORE_STATE_MACHINE_ARN").orElse(null),
            endpoints(read),
            ingestLimits(read),
            restoreLimits(read),
            sliceLimits(read),
            bulkLimits(read),
            Duration.ofSeconds(read.whole("RESTORE_START_GRACE_SECONDS", 60, 0, 3_600)),
            Duration.ofDays(read.whole("AUDIT_DAYS", 400, 1, 36_500)),
            requestLimits(read),
            ingestRate(read));
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

  /** By the names that AWS's own tools read. */
  private static Endpoints endpoints(EnvironmentReader read) {
    URI all = read.url("AWS_ENDPOINT_URL", null);
    return new Endpoints(
        read.url("AWS_ENDPOINT_URL_S3", all),
        read.url("AWS_ENDPOINT_URL_DYNAMODB", all),
        read.url("AWS_ENDPOINT_URL_SFN", all),
        read.url("AWS_ENDPOINT_URL_KMS", all),
        read.url("AWS_ENDPOINT_URL_SECRETS_MANAGER", all),
        read.url("AWS_ENDPOINT_URL_STS", all));
  }

  private static IngestLimits ingestLimits(EnvironmentReader read) {
    IngestLimits limits = IngestLimits.DEFAULT;
    return new IngestLimits(
        limits.bodyBytes(),
        limits.inflatedBytes(),
        limits.lineBytes(),
        read.whole("INGEST_EVENT_HOURS", limits.eventHours(), 1, 1_000));
  }

  private static PerMinute requestLimits(EnvironmentReader read) {
    PerMinute limits = PerMinute.DEFAULT;
    return new PerMinute(
        read.whole("CONTROL_REQUESTS_PER_MINUTE", limits.control(), 1, 1_000_000),
        read.whole("SEARCH_REQUESTS_PER_MINUTE", limits.search(), 1, 1_000_000));
  }

  private static RatePerSecond ingestRate(EnvironmentReader read) {
    RatePerSecond rate = RatePerSecond.DEFAULT;
    return new RatePerSecond(
        read.whole("INGEST_REQUESTS_PER_SECOND", rate.requests(), 1, 1_000_000),
        read.whole("INGEST_BYTES_PER_SECOND", rate.bytes(), 1, Integer.MAX_VALUE));
  }

  private static RestoreLimits restoreLimits(EnvironmentReader read) {
    RestoreLimits limits = RestoreLimits.DEFAULT;
    return new RestoreLimits(
        Duration.ofHours(read.whole("RESTORE_HOURS", (int) limits.range().toHours(), 1, 24 * 366)),
        read.gigabytes("RESTORE_GB", limits.bytes()),
        read.whole("RESTORE_SLOTS", limits.slots(), 1, 100));
  }

  private static SliceLimits sliceLimits(EnvironmentReader read) {
    SliceLimits limits = SliceLimits.DEFAULT;
    return new SliceLimits(
        read.whole("RESTORE_SLICE_RAW_BYTES", (int) limits.rawBytes(), 1, Integer.MAX_VALUE),
        read.whole("RESTORE_SLICE_STORED_BYTES", (int) limits.storedBytes(), 1, Integer.MAX_VALUE),
        read.whole("RESTORE_SLICE_OBJECTS", limits.objects(), 1, 10_000),
        limits.most());
  }

  private static BulkLimits bulkLimits(EnvironmentReader read) {
    BulkLimits limits = BulkLimits.DEFAULT;
    return new BulkLimits(
        read.whole("RESTORE_BULK_LOGS", limits.logs(), 1, 100_000),
        read.whole("RESTORE_BULK_BYTES", limits.bytes(), 1, 100 << 20));
  }
}
