package io.logarchive.archive;

import io.logarchive.archive.ArchiveStorageProvider.Patience;

/** Opens archives in containers of Azure. Owns their connections and tokens. */
public interface ContainerProvider {

  /** Opens a container without calling it: a wrong secret or name shows at the first call. */
  ArchiveStorage open(StorageAccess.Blob access, Patience patience);

  /**
   * Gets a token for the app registration, and keeps nothing of it: one try of at most 4 seconds.
   *
   * @throws io.logarchive.fault.ServiceException.Denied with Entra's code, if it gives none
   */
  void signIn(StorageAccess.Blob access);
}
