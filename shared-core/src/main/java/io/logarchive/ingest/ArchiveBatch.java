package io.logarchive.ingest;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.format.Block;
import io.logarchive.format.ObjectName;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.util.List;

/**
 * Writes the blocks of one account and one event hour as one object. The object's name derives from
 * the blocks, so the same blocks written again are the same object.
 */
public final class ArchiveBatch {
  private final Metrics metrics;

  public ArchiveBatch(Metrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Returns once the object is in the archive.
   *
   * @param archive the archive of these settings
   * @param blocks at least one, compressed as the settings say
   */
  public ObjectName run(ArchiveSettings settings, ArchiveStorage archive, List<Block> blocks) {
    ObjectName name =
        new ObjectName(
            blocks.stream().mapToLong(Block::min).min().orElseThrow(),
            blocks.stream().mapToLong(Block::max).max().orElseThrow(),
            blocks.stream().mapToLong(Block::lines).sum(),
            blocks.stream().mapToLong(Block::rawLength).sum(),
            Block.batchId(settings.accountUid().value(), blocks),
            settings.compression());
    Content content = new Content(blocks.stream().map(Block::stored).toList(), Content.LOGS);
    if (archive.putIfAbsent(name.path(), content)) {
      metrics.add(Metric.LOGS_ARCHIVED, name.lines());
      metrics.add(Metric.BYTES_ARCHIVED, name.bytes());
      metrics.add(Metric.BYTES_STORED, content.length());
    } else {
      metrics.add(Metric.LOGS_REPEATED, name.lines());
    }
    return name;
  }
}
