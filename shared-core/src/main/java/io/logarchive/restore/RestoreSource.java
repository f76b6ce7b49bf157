package io.logarchive.restore;

import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.Archives;
import io.logarchive.fault.ServiceException;
import io.logarchive.http.LogContext;

/** Opens the archive that a restore reads. */
public final class RestoreSource {
  private final ArchiveSettingsStore settings;
  private final Archives archives;

  public RestoreSource(ArchiveSettingsStore settings, Archives archives) {
    this.settings = settings;
    this.archives = archives;
  }

  boolean exists(int accountId) {
    return settings.find(accountId).isPresent();
  }

  /**
   * The account's archive.
   *
   * @throws ServiceException.Denied if it has none any more
   */
  RestoreArchive open(int accountId) {
    LogContext.account(accountId);
    return new RestoreArchive(
        settings
            .find(accountId)
            .orElseThrow(
                () -> new ServiceException.Denied("OpenArchive", "NoArchiveSettings", null, null)),
        archives);
  }
}
