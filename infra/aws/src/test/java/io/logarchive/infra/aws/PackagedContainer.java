package io.logarchive.infra.aws;

import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.Content;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azure.AzureClients;
import io.logarchive.azure.AzureEndpoints;
import io.logarchive.azure.BlobArchiveStorageProvider;
import io.logarchive.fault.ServiceException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;

/** A process with nothing but the package, which lists, writes and reads in a container. */
final class PackagedContainer {
  private PackagedContainer() {}

  /**
   * Says what each call came to.
   *
   * @param endpoints of Entra and of blobs
   */
  public static void main(String[] endpoints) {
    StorageAccess.Blob access =
        new StorageAccess.Blob(
            new BlobLocation("logs4you", "log-archive", ""),
            "6f1c9f0a-54cf-4c5e-9a54-0d2f6a3b1c11",
            "0b6f7d5e-2f3a-4b7c-8d9e-1a2b3c4d5e6f",
            new Secret("planted-secret"));
    BlobArchiveStorageProvider containers =
        new BlobArchiveStorageProvider(
            new AzureClients(
                new AzureEndpoints(URI.create(endpoints[0]), URI.create(endpoints[1])),
                HttpClient::newBuilder));
    // A process that has just begun is slow.
    ArchiveStorage storage = containers.open(access, Patience.RETRYING);
    try {
      System.out.println("RESULT listed " + storage.list("", null).objects());
      System.out.println(
          "RESULT written "
              + storage.putIfAbsent(
                  "new", Content.of("text".getBytes(StandardCharsets.UTF_8), Content.LOGS)));
      System.out.println(
          "RESULT read " + new String(storage.get("key", 0, 100), StandardCharsets.UTF_8));
      System.out.println("RESULT missing " + storage.get("missing", 0, 100).length);
    } catch (ServiceException e) {
      System.out.println("RESULT " + e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }
}
