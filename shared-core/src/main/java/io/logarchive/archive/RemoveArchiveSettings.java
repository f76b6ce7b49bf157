package io.logarchive.archive;

import io.logarchive.account.Caller;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import io.logarchive.fault.ServiceException;
import java.util.List;
import java.util.Optional;

/**
 * Stops archiving: removes an account's settings with their sealed secrets and releases its
 * buckets, the earlier ones too. What was archived stays, and so does the ownership proof that lies
 * beside it.
 */
public final class RemoveArchiveSettings {
  private static final int TRIES = 10;

  private final ArchiveSettingsStore store;
  private final AuditTrail audit;

  public RemoveArchiveSettings(ArchiveSettingsStore store, AuditTrail audit) {
    this.store = store;
    this.audit = audit;
  }

  /** False if the account has no settings with this id. */
  public boolean run(Caller caller, int settingsId) {
    for (int i = 0; i < TRIES; i++) {
      Optional<ArchiveSettings> found =
          store.find(caller.accountId()).filter(settings -> settings.id() == settingsId);
      if (found.isEmpty()) {
        return false;
      }
      if (store.remove(found.get(), released(found.get()), entry(caller, found.get()))) {
        return true;
      }
    }
    throw new ServiceException.Unavailable("RemoveArchiveSettings", "TooManyAtOnce", null, null);
  }

  private List<BucketClaim> released(ArchiveSettings settings) {
    return settings.places().stream()
        .map(StorageSettings::location)
        .map(store::claim)
        .distinct()
        .map(claim -> claim.without(settings.accountId()))
        .toList();
  }

  private AuditEntry entry(Caller caller, ArchiveSettings settings) {
    return audit.entry(
        caller.actor(),
        settings.accountId(),
        AuditEntry.Action.SETTINGS_DELETE,
        settings.id(),
        ArchiveSettingsJson.of(settings),
        null);
  }
}
