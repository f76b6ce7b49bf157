package io.logarchive.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries that stores wrote with their changes, as of all writes answered before. Kept as
 * long as the deployment says, then deleted. Safe for concurrent use; failures are {@link
 * io.logarchive.fault.ServiceException}s.
 */
public interface AuditLog {

  /**
   * Entries, newest first.
   *
   * @param next the {@code before} of the page behind this one; null if this is the last
   */
  record Page(List<AuditEntry> entries, @Nullable String next) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A page of an account's entries.
   *
   * @param before only those older than the entry with this id, which need not be there any more;
   *     null for the newest
   */
  Page page(int accountId, @Nullable String before);
}
