package io.logarchive.functions.aws;

import io.logarchive.account.Secret;
import io.logarchive.ingest.IngestLimits;
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
 * @param sealingKey the key itself, in base64
 * @param restoreStateMachine null where something else than Step Functions runs restores
 * @param startGrace how long the workflow of a new restore may take to start
 */
record AwsConfig(
    String region,
    @Nullable Login accessKey,
    @Nullable Secret sessionToken,
    String table,
    @Nullable URI dynamoDbEndpoint,
    String deploymentId,
    String deploymentBucket,
    @Nullable URI s3Endpoint,
    String adminTokenHash,
    Secret sealingKey,
    URI openSearchEndpoint,
    @Nullable Login openSearchLogin,
    int openSearchReplicas,
    @Nullable String restoreStateMachine,
    @Nullable URI stepFunctionsEndpoint,
    IngestLimits ingestLimits,
    RestoreLimits restoreLimits,
    SliceLimits sliceLimits,
    BulkLimits bulkLimits,
    Duration startGrace) {

  /** A name and what proves it. */
  record Login(String name, Secret secret) {}

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
            read.required("TABLE_NAME"),
            read.url("DYNAMODB_ENDPOINT"),
            read.required("DEPLOYMENT_ID"),
            read.bucket("DEPLOYMENT_BUCKET"),
            read.url("S3_ENDPOINT"),
            read.sha256("ADMIN_TOKEN_SHA256"),
            read.keyFile("SEALING_KEY_FILE"),
            read.requiredUrl("OPENSEARCH_ENDPOINT"),
            read.login("OPENSEARCH_USERNAME", "OPENSEARCH_PASSWORD"),
            read.whole("OPENSEARCH_REPLICAS", 1, 0, 5),
            read.optional("RESTORE_STATE_MACHINE_ARN").orElse(null),
            read.url("STEP_FUNCTIONS_ENDPOINT"),
            ingestLimits(read),
            restoreLimits(read),
            sliceLimits(read),
            bulkLimits(read),
            Duration.ofSeconds(read.whole("RESTORE_START_GRACE_SECONDS", 60, 0, 3_600)));
    read.refuseProblems();
    return config;
  }

  private static IngestLimits ingestLimits(EnvironmentReader read) {
    IngestLimits limits = IngestLimits.DEFAULT;
    return new IngestLimits(
        limits.bodyBytes(),
        limits.inflatedBytes(),
        limits.lineBytes(),
        read.whole("INGEST_EVENT_HOURS", limits.eventHours(), 1, 1_000));
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
