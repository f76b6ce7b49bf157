package io.logarchive.archive;

import io.logarchive.archive.ArchiveStorageProvider.Patience;

/** Opens archives in containers of Azure. Owns their connections and tokens. */
public interface ContainerProvider {
  /** The operation of what keeps an app registration from a token, whatever was to be done. */
  String GET_TOKEN = "GetToken";

  /** Opens a container without calling it: a wrong secret or name shows at the first call. */
  ArchiveStorage open(StorageAccess.Blob access, Patience patience);

  /**
   * Opens a container that is tried briefly, with a token that is got at once: one try of at most 4
   * seconds.
   *
   * @throws io.logarchive.fault.ServiceException.Denied with Entra's code, if it gives none
   */
  ArchiveStorage signIn(StorageAccess.Blob access);
}
