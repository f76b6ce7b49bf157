package io.logarchive.archive;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import java.util.List;

/**
 * Stops writing into a storage that turned out not to be the account's, until its owner tests it
 * again.
 */
public final class SuspendArchiving {
  private final ArchiveSettingsStore store;
  private final AuditTrail audit;

  public SuspendArchiving(ArchiveSettingsStore store, AuditTrail audit) {
    this.store = store;
    this.audit = audit;
  }

  /**
   * Leaves the settings as they are if somebody else wrote them meanwhile: whoever archives next
   * looks again.
   *
   * @param reason shown to the account's owner
   */
  public void run(ArchiveSettings settings, String reason) {
    ArchiveSettings suspended = settings.suspended(reason);
    store.save(
        suspended,
        List.of(),
        audit.entry(
            new AuditEntry.Actor.Deployment(),
            settings.accountId(),
            AuditEntry.Action.SETTINGS_SUSPEND,
            settings.id(),
            ArchiveSettingsJson.of(settings),
            ArchiveSettingsJson.of(suspended)));
  }
}
