package io.logarchive.archive;

import io.logarchive.account.Caller;
import io.logarchive.fault.ServiceException;
import java.util.List;
import java.util.Optional;

/**
 * Stops archiving: removes an account's settings with their sealed secret and releases its bucket.
 * What was archived stays, and so does the ownership proof that lies beside it.
 */
public final class RemoveArchiveSettings {
  private static final int TRIES = 10;

  private final ArchiveSettingsStore store;

  public RemoveArchiveSettings(ArchiveSettingsStore store) {
    this.store = store;
  }

  /** False if the caller has no settings with this id. */
  public boolean run(Caller caller, int settingsId) {
    for (int i = 0; i < TRIES; i++) {
      Optional<ArchiveSettings> found =
          store.find(caller.accountId()).filter(settings -> settings.id() == settingsId);
      if (found.isEmpty()) {
        return false;
      }
      String key = found.get().storage().location().claimKey();
      BucketClaim claim = store.findClaim(key).orElseGet(() -> BucketClaim.none(key));
      if (store.remove(found.get(), List.of(claim.without(caller.accountId())))) {
        return true;
      }
    }
    throw new ServiceException.Unavailable("RemoveArchiveSettings", "TooManyAtOnce", null, null);
  }
}
