package io.logarchive.azure;

import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.ContainerProvider;
import io.logarchive.archive.StorageAccess;
import java.net.URI;
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
    return storage(access, patience, token(access, patience));
  }

  @Override
  public ArchiveStorage signIn(StorageAccess.Blob access) {
    AppToken token = token(access, Patience.BRIEF);
    token.ensure();
    return storage(access, Patience.BRIEF, token);
  }

  private ArchiveStorage storage(StorageAccess.Blob access, Patience patience, AppToken token) {
    return new BlobArchiveStorage(
        clients.container(access.location(), patience).credential(token).buildClient(),
        access.location().prefix(),
        token::ensure,
        patience == Patience.BRIEF ? 0 : RESUMPTIONS,
        pageSize);
  }

  /**
   * Opens a container of the deployment's own, as itself.
   *
   * @param blobEndpoint of the storage account
   * @param prefix without a slash at its end; empty for the whole container
   */
  public ArchiveStorage openOwn(
      URI blobEndpoint, String containerName, String prefix, AzureLogin login) {
    BlobContainerClientBuilder container = clients.ownContainer(blobEndpoint, containerName);
    return switch (login) {
      case AzureLogin.ManagedIdentity identity -> {
        AppToken token = new AppToken(clients.managedIdentity(identity), AppToken.STORAGE, LONG);
        yield own(container.credential(token), prefix, token::ensure);
      }
      case AzureLogin.AccountKey key ->
          own(
              container.credential(
                  new StorageSharedKeyCredential(key.accountName(), key.key().value())),
              prefix,
              () -> {});
    };
  }

  private ArchiveStorage own(BlobContainerClientBuilder container, String prefix, Runnable signIn) {
    return new BlobArchiveStorage(container.buildClient(), prefix, signIn, RESUMPTIONS, pageSize);
  }

  private AppToken token(StorageAccess.Blob access, Patience patience) {
    return new AppToken(
        clients.appRegistration(access, patience),
        AppToken.STORAGE,
        patience == Patience.BRIEF ? BRIEF : LONG);
  }
}
