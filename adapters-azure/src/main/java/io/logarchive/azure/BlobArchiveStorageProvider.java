package io.logarchive.azure;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.ContainerProvider;
import io.logarchive.archive.StorageAccess;
import java.time.Duration;

/** Opens archives in containers of any storage account, each as its own app registration. */
public final class BlobArchiveStorageProvider implements ContainerProvider {
  private static final int PAGE_SIZE = 5_000;
  private static final int RESUMPTIONS = 2;
  private static final Duration BRIEF = Duration.ofSeconds(4);
  private static final Duration LONG = Duration.ofSeconds(50);

  private final AzureClients clients;
  private final int pageSize;

  public BlobArchiveStorageProvider(AzureClients clients) {
    this(clients, PAGE_SIZE);
  }

  /**
   * @param pageSize how many blobs a page of a listing holds, at most 5,000
   */
  BlobArchiveStorageProvider(AzureClients clients, int pageSize) {
    this.clients = clients;
    this.pageSize = pageSize;
  }

  @Override
  public ArchiveStorage open(StorageAccess.Blob access, Patience patience) {
    AppToken token = token(access, patience);
    return new BlobArchiveStorage(
        clients.container(access.location(), patience).credential(token).buildClient(),
        access.location().prefix(),
        token,
        patience == Patience.BRIEF ? 0 : RESUMPTIONS,
        pageSize);
  }

  @Override
  public void signIn(StorageAccess.Blob access) {
    token(access, Patience.BRIEF).ensure();
  }

  private AppToken token(StorageAccess.Blob access, Patience patience) {
    return new AppToken(
        clients.appRegistration(access, patience), patience == Patience.BRIEF ? BRIEF : LONG);
  }
}
