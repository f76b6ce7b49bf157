package io.logarchive.restore;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.ArchiveStorage;
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
   * @throws ServiceException.Denied if it has none any more, or what lies there is not the
   *     account's
   */
  ArchiveStorage open(int accountId) {
    LogContext.account(accountId);
    ArchiveSettings found =
        settings
            .find(accountId)
            .orElseThrow(
                () -> new ServiceException.Denied("OpenArchive", "NoArchiveSettings", null, null));
    return switch (archives.open(found)) {
      case Archives.Opened.Open open -> open.storage();
      case Archives.Opened.Foreign foreign ->
          throw new ServiceException.Denied("OpenArchive", foreign.reason(), null, null);
    };
  }
}
