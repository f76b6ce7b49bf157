package io.logarchive.ingest;

import io.logarchive.account.Caller;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Archives;
import io.logarchive.archive.SuspendArchiving;
import io.logarchive.fault.AtOnce;
import io.logarchive.fault.ServiceException;
import io.logarchive.format.Block;
import io.logarchive.format.Compression;
import io.logarchive.json.Json;
import io.logarchive.json.JsonValue;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metric.LineFault;
import io.logarchive.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Takes a body of logs and answers once they are in the account's archive. The same body again adds
 * nothing, as far as its logs bring their own times.
 */
public final class IngestLogs {

  /**
   * A body as a shipper sent it.
   *
   * @param type what logs without a {@code type} get as theirs
   */
  public record Body(byte[] bytes, boolean gzip, String type) {}

  /** What comes of it. */
  public sealed interface Outcome {
    /** The good logs are in the archive. */
    record Archived(int accountId, IngestCounts counts, int objects) implements Outcome {}

    /** The account's owner has paused archiving: the logs were looked at and let go. */
    record Paused(int accountId, IngestCounts counts) implements Outcome {}

    record Empty() implements Outcome {}

    record NotGzip() implements Outcome {}

    record TooLarge(String what, long limit) implements Outcome {}

    /** Nothing may be written: no archive is set up, or it is not the account's. */
    record NoArchive(String reason) implements Outcome {}

    /** The storage did not take all of it; sending the body again is safe. */
    record NotStored(int accountId, ServiceException failure) implements Outcome {}
  }

  private final ArchiveSettingsStore settingsStore;
  private final Archives archives;
  private final SuspendArchiving suspendArchiving;
  private final ArchiveBatch archiveBatch;
  private final Metrics metrics;
  private final InstantSource clock;
  private final IngestLimits limits;

  public IngestLogs(
      ArchiveSettingsStore settingsStore,
      Archives archives,
      SuspendArchiving suspendArchiving,
      ArchiveBatch archiveBatch,
      Metrics metrics,
      InstantSource clock,
      IngestLimits limits) {
    this.settingsStore = settingsStore;
    this.archives = archives;
    this.suspendArchiving = suspendArchiving;
    this.archiveBatch = archiveBatch;
    this.metrics = metrics;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Archives what it can of a body.
   *
   * @throws ServiceException if something of the deployment's own failed: sending again is safe
   */
  public Outcome run(Caller caller, Body body) {
    if (body.bytes().length == 0) {
      return new Outcome.Empty();
    }
    if (body.bytes().length > limits.bodyBytes()) {
      return new Outcome.TooLarge("body", limits.bodyBytes());
    }
    Optional<ArchiveSettings> settings = settingsStore.find(caller.accountId());
    if (settings.isEmpty()) {
      return new Outcome.NoArchive("The account has no archive set up");
    }
    if (!body.gzip()) {
      return take(settings.get(), body.bytes(), body.type());
    }
    return switch (Inflate.gzip(body.bytes(), limits.inflatedBytes())) {
      case Inflate.Outcome.Inflated inflated -> take(settings.get(), inflated.bytes(), body.type());
      case Inflate.Outcome.TooLarge tooLarge ->
          new Outcome.TooLarge("inflated body", limits.inflatedBytes());
      case Inflate.Outcome.NotGzip notGzip -> new Outcome.NotGzip();
    };
  }

  private Outcome take(ArchiveSettings settings, byte[] logs, String type) {
    Instant arrival = clock.instant();
    Compression compression = settings.enabled() ? settings.compression() : Compression.NONE;
    String typeJson = Json.text(new JsonValue.Text(type));
    try (LogSorter sorter = new LogSorter(limits, compression, arrival, typeJson)) {
      Optional<IngestCounts> sorted = sorter.sort(logs);
      if (sorted.isEmpty()) {
        return new Outcome.TooLarge(
            "body, inflated and with the times and types that its logs lack,",
            limits.inflatedBytes());
      }
      IngestCounts counts = sorted.get();
      if (counts.logs() + counts.malformed() + counts.oversized() == 0) {
        return new Outcome.Empty();
      }
      count(counts, logs.length);
      if (!settings.enabled()) {
        metrics.add(Metric.LOGS_PAUSED, counts.logs());
        return new Outcome.Paused(settings.accountId(), counts);
      }
      try {
        Outcome outcome = archive(settings, counts, sorter.finish(), arrival);
        if (!(outcome instanceof Outcome.Archived)) {
          metrics.add(Metric.LOGS_DEFERRED, counts.logs());
        }
        return outcome;
      } catch (ServiceException e) {
        metrics.add(Metric.LOGS_DEFERRED, counts.logs());
        throw e;
      }
    }
  }

  private void count(IngestCounts counts, long bytes) {
    metrics.add(Metric.LOGS_RECEIVED, counts.lines());
    metrics.add(Metric.BYTES_RECEIVED, bytes);
    metrics.add(Metric.LOGS_UNTIMED, counts.untimed());
    metrics.add(Metric.LOGS_REFUSED, LineFault.MALFORMED.text(), counts.malformed());
    metrics.add(Metric.LOGS_REFUSED, LineFault.OVERSIZED.text(), counts.oversized());
    metrics.add(Metric.LOGS_REFUSED, LineFault.EMPTY.text(), counts.blank());
  }

  private Outcome archive(
      ArchiveSettings settings, IngestCounts counts, List<List<Block>> objects, Instant arrival) {
    if (settings.suspension() != null) {
      return new Outcome.NoArchive(settings.suspension());
    }
    if (objects.isEmpty()) {
      return new Outcome.Archived(settings.accountId(), counts, 0);
    }
    return switch (archives.open(settings)) {
      case Archives.Opened.Open open -> put(settings, open.storage(), counts, objects, arrival);
      case Archives.Opened.Foreign foreign -> {
        suspendArchiving.run(settings, foreign.reason());
        yield new Outcome.NoArchive(foreign.reason());
      }
      case Archives.Opened.Failed failed ->
          new Outcome.NotStored(settings.accountId(), failed.failure());
    };
  }

  /** All at once: a body that spans many hours waits for one put, not for their sum. */
  private Outcome put(
      ArchiveSettings settings,
      ArchiveStorage storage,
      IngestCounts counts,
      List<List<Block>> objects,
      Instant arrival) {
    try {
      AtOnce.forEach("PutObject", objects, blocks -> archiveBatch.run(settings, storage, blocks));
    } catch (ServiceException e) {
      if (e.deploymentsOwn()) {
        throw e;
      }
      return new Outcome.NotStored(settings.accountId(), e);
    }
    metrics.add(Metric.ARCHIVE_TIME, Duration.between(arrival, clock.instant()).toMillis());
    return new Outcome.Archived(settings.accountId(), counts, objects.size());
  }
}
