package io.logarchive.infra.aws;

import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azure.AzureClients;
import io.logarchive.azure.AzureEndpoints;
import io.logarchive.azure.BlobArchiveStorageProvider;
import io.logarchive.fault.ServiceException;
import java.net.URI;
import java.net.http.HttpClient;

/** A process with nothing but the package, which opens a container that cannot be reached. */
final class PackagedContainer {
  private static final URI NOWHERE = URI.create("https://127.0.0.1:1/");

  private PackagedContainer() {}

  public static void main(String[] none) {
    StorageAccess.Blob access =
        new StorageAccess.Blob(
            new BlobLocation("logs4you", "log-archive", ""),
            "6f1c9f0a-54cf-4c5e-9a54-0d2f6a3b1c11",
            "0b6f7d5e-2f3a-4b7c-8d9e-1a2b3c4d5e6f",
            new Secret("planted-secret"));
    BlobArchiveStorageProvider containers =
        new BlobArchiveStorageProvider(
            new AzureClients(new AzureEndpoints(NOWHERE, NOWHERE), HttpClient::newBuilder));
    try {
      containers.open(access, Patience.BRIEF).head("key");
      System.out.println("RESULT found");
    } catch (ServiceException e) {
      System.out.println("RESULT " + e.getMessage());
    }
  }
}
