package io.logarchive.testkit;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Audit entries in memory; the stores that write them share it. */
public final class InMemoryAuditLog implements AuditLog {
  private final int pageSize;
  private final NavigableSet<AuditEntry> entries =
      new TreeSet<>(Comparator.comparing(AuditEntry::id).reversed());

  /**
   * @param pageSize how many entries a page holds at the most
   */
  public InMemoryAuditLog(int pageSize) {
    this.pageSize = pageSize;
  }

  /** Called by a store that makes the entry's change, where that can no longer fail. */
  synchronized void add(AuditEntry entry) {
    entries.add(entry);
  }

  @Override
  public synchronized Page page(int accountId, @Nullable String before) {
    List<AuditEntry> rest =
        entries.stream()
            .filter(entry -> entry.accountId() == accountId)
            .filter(entry -> before == null || entry.id().compareTo(before) < 0)
            .toList();
    List<AuditEntry> page = rest.stream().limit(pageSize).toList();
    return new Page(page, rest.size() > page.size() ? page.getLast().id() : null);
  }
}
