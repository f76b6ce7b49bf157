package io.logarchive.service;

import io.logarchive.archive.StorageRules;
import io.logarchive.ingest.IngestLimits;
import io.logarchive.limit.RatePerSecond;
import io.logarchive.limit.RequestLimits.PerMinute;
import io.logarchive.restore.RestoreLimits;
import io.logarchive.restore.RestoreSlice.BulkLimits;
import io.logarchive.restore.SliceLimits;
import java.time.Duration;

/**
 * What the environment tells every deployment; docs/configuration.md explains every key.
 *
 * @param adminTokenHash SHA-256 of the admin token
 * @param storages which storages accounts may name
 * @param startGrace how long the workflow of a new restore may take to start
 * @param requestLimits requests of one token in a minute
 * @param ingestRate what an account may send in a second
 */
public record ServiceConfig(
    String deploymentId,
    String adminTokenHash,
    StorageRules.Allowed storages,
    IngestLimits ingestLimits,
    RestoreLimits restoreLimits,
    SliceLimits sliceLimits,
    BulkLimits bulkLimits,
    Duration startGrace,
    PerMinute requestLimits,
    RatePerSecond ingestRate) {

  /**
   * Reads all of it.
   *
   * @param storages which storages accounts may name
   */
  public static ServiceConfig of(EnvironmentReader read, StorageRules.Allowed storages) {
    return new ServiceConfig(
        read.name("DEPLOYMENT_ID"),
        read.sha256("ADMIN_TOKEN_SHA256"),
        storages,
        ingestLimits(read),
        restoreLimits(read),
        sliceLimits(read),
        bulkLimits(read),
        Duration.ofSeconds(read.whole("RESTORE_START_GRACE_SECONDS", 60, 0, 3_600)),
        requestLimits(read),
        ingestRate(read));
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
