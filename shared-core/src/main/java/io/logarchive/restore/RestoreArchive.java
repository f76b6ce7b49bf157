package io.logarchive.restore;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Archives;
import io.logarchive.archive.Page;
import io.logarchive.archive.StorageSettings;
import io.logarchive.fault.ServiceException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All places in which an account's logs lie, each opened when it is first read. */
final class RestoreArchive {
  private final ArchiveSettings settings;
  private final Archives archives;

  RestoreArchive(ArchiveSettings settings, Archives archives) {
    this.settings = settings;
    this.archives = archives;
  }

  /** Where to look: the present place first, then the earlier ones. */
  List<String> places() {
    return settings.places().stream().map(RestoreArchive::uri).toList();
  }

  /**
   * As {@link ArchiveStorage#get}.
   *
   * @throws ServiceException.Denied naming the place, if it is not the account's any more, or
   *     refuses
   */
  byte[] get(String place, String key, long from, int most) {
    return named(place, archive -> archive.get(key, from, most));
  }

  /**
   * As {@link ArchiveStorage#list}.
   *
   * @throws ServiceException.Denied naming the place, if it is not the account's any more, or
   *     refuses
   */
  Page list(String place, String prefix, @Nullable String pageToken) {
    return named(place, archive -> archive.list(prefix, pageToken));
  }

  private <T> T named(String place, Function<ArchiveStorage, T> call) {
    try {
      return switch (archives.open(settings, storage(place))) {
        case Archives.Opened.Open open -> call.apply(open.storage());
        case Archives.Opened.Foreign foreign ->
            throw new ServiceException.Denied("OpenArchive", foreign.reason(), null, null);
        case Archives.Opened.Failed failed -> throw failed.failure();
      };
    } catch (ServiceException.Denied e) {
      throw new ServiceException.Denied(e.operation(), e.code() + " in " + place, e.requestId(), e);
    }
  }

  private StorageSettings storage(String place) {
    return settings.places().stream()
        .filter(storage -> uri(storage).equals(place))
        .findFirst()
        .orElseThrow(
            () -> new ServiceException.Denied("OpenArchive", "NoArchiveSettings", null, null));
  }

  private static String uri(StorageSettings storage) {
    return storage.location().uri();
  }
}
