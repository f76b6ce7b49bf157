package io.logarchive.local;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.logarchive.account.Secret;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azure.AzureClients;
import io.logarchive.azure.AzureEndpoints;
import io.logarchive.azure.AzureLogin;
import io.logarchive.azure.AzureTable;
import io.logarchive.azure.BlobArchiveStorageProvider;
import io.logarchive.azurite.AppRegistration;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.azurite.TokenEndpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A customer's container in Azure, on this machine: Azurite, and the token endpoint of the app
 * registration that opens the container.
 */
final class EmbeddedAzure implements AutoCloseable {
  private static final String ACCOUNT = "logarchivelocal";

  /** In the data of a run, what opens its container. */
  static final String REGISTRATION_FILE = "app-registration";

  private static final int KEY_BYTES = 64;
  private static final Duration SIGNATURE_LIFETIME = Duration.ofDays(365);

  private final StorageAccess.Blob container;
  private final LocalWiring machine;
  private final LoopbackTls tls;
  private final TokenEndpoint tokens;
  private final EmbeddedAzurite azurite;

  private EmbeddedAzure(
      StorageAccess.Blob container,
      LocalWiring machine,
      LoopbackTls tls,
      TokenEndpoint tokens,
      EmbeddedAzurite azurite) {
    this.container = container;
    this.machine = machine;
    this.tls = tls;
    this.tokens = tokens;
    this.azurite = azurite;
  }

  /** Where Azurite lies: the script that starts the product says it. */
  static Path installation() {
    return Path.of(System.getProperty("logarchive.azurite", "azurite"));
  }

  /** The same, once it is there as this version of the product needs it. */
  static Path installed(PrintWriter out) throws IOException, InterruptedException {
    Path installation = installation();
    if (!EmbeddedAzurite.isInstalled(installation)) {
      out.println("Installing Azurite (it stays in " + installation + ") ...");
      out.flush();
      EmbeddedAzurite.install(installation);
    }
    return installation;
  }

  /** A container with this name, and an app registration, made up. */
  static StorageAccess.Blob newContainer(String name, SecureRandom random) {
    return new StorageAccess.Blob(
        new BlobLocation(ACCOUNT, name, ""),
        guid(random),
        guid(random),
        new Secret(base64(random, 24)));
  }

  /** The same, made up at the first run in a directory and kept there. */
  static StorageAccess.Blob containerKeptIn(Path directory, String name, SecureRandom random)
      throws IOException {
    Path file = directory.resolve(REGISTRATION_FILE);
    if (!Files.exists(file)) {
      StorageAccess.Blob made = newContainer(name, random);
      OwnerOnlyFile.write(
          file,
          String.join("\n", made.tenantId(), made.clientId(), made.clientSecret().value()) + "\n");
    }
    List<String> kept = Files.readAllLines(file);
    return new StorageAccess.Blob(
        new BlobLocation(ACCOUNT, name, ""), kept.get(0), kept.get(1), new Secret(kept.get(2)));
  }

  /**
   * Starts it, and makes the container.
   *
   * @param installation where Azurite lies
   * @param directory where it keeps its data, and the account's key
   */
  static EmbeddedAzure start(
      Path installation, Path directory, LocalWiring machine, StorageAccess.Blob container)
      throws IOException, InterruptedException {
    LoopbackTls tls = LoopbackTls.make(directory);
    EmbeddedAzurite.Account account =
        new EmbeddedAzurite.Account(
            container.location().accountName(),
            new Secret(
                OwnerOnlyFile.kept(
                    directory.resolve("account-key"), base64(machine.random(), KEY_BYTES))));
    EmbeddedAzurite azurite = EmbeddedAzurite.start(installation, directory, tls, account);
    try {
      TokenEndpoint tokens =
          TokenEndpoint.start(
              tls,
              new AppRegistration(
                  container.tenantId(), container.clientId(), container.clientSecret()),
              machine.clock());
      return withContainer(new EmbeddedAzure(container, machine, tls, tokens, azurite));
    } catch (IOException | RuntimeException e) {
      azurite.close();
      throw e;
    }
  }

  private static EmbeddedAzure withContainer(EmbeddedAzure azure) {
    try {
      azure.createContainer(azure.container.location().containerName());
      return azure;
    } catch (RuntimeException e) {
      azure.tokens.close();
      throw e;
    }
  }

  /** The container, and what opens it. */
  StorageAccess.Blob container() {
    return container;
  }

  EmbeddedAzurite.Account account() {
    return azurite.account();
  }

  /** Where blobs are, with the account's name, as clients take it. */
  URI blobEndpoint() {
    return URI.create(azurite.blobs() + "/" + account().name());
  }

  /** A file with the certificate of {@link #blobEndpoint}. */
  Path certificate() {
    return azurite.certificate();
  }

  /** A query that lets a plain HTTP client list and read the container. */
  String readSignature() {
    return blobs()
        .getBlobContainerClient(container.location().containerName())
        .generateSas(
            new BlobServiceSasSignatureValues(
                machine.clock().instant().plus(SIGNATURE_LIFETIME).atOffset(ZoneOffset.UTC),
                new BlobContainerSasPermission().setReadPermission(true).setListPermission(true)));
  }

  /** Makes what calls it: nothing else trusts its certificate. */
  HttpClient.Builder http() {
    return tls.http();
  }

  /** What functions that open containers here are told. */
  Map<String, String> environment() {
    return Map.of(
        "AZURE_AUTHORITY_HOST", tokens.authority().toString(),
        "AZURE_BLOB_ENDPOINT", azurite.blobs().toString());
  }

  /** What functions on Azure are told of the storage account that is the deployment's own. */
  Map<String, String> ownEnvironment() {
    return Map.of(
        "AZURE_STORAGE_ACCOUNT",
        account().name(),
        "AZURE_STORAGE_KEY",
        account().key().value(),
        "BLOB_ENDPOINT",
        blobEndpoint().toString(),
        "TABLE_ENDPOINT",
        tableEndpoint().toString());
  }

  /** Opens containers as their owners do. */
  BlobArchiveStorageProvider storages() {
    return new BlobArchiveStorageProvider(
        new AzureClients(new AzureEndpoints(tokens.authority(), azurite.blobs()), this::http));
  }

  @Override
  public void close() throws IOException {
    tokens.close();
    azurite.close();
  }

  void createTable(String name) {
    new AzureTable(
            new AzureClients(AzureEndpoints.AZURE, this::http),
            tableEndpoint(),
            name,
            new AzureLogin.AccountKey(account().name(), account().key()),
            machine.random())
        .create();
  }

  private URI tableEndpoint() {
    return URI.create(azurite.tables() + "/" + account().name());
  }

  void createContainer(String name) {
    blobs().createBlobContainerIfNotExists(name);
  }

  private BlobServiceClient blobs() {
    return new BlobServiceClientBuilder()
        .endpoint(blobEndpoint().toString())
        .credential(new StorageSharedKeyCredential(account().name(), account().key().value()))
        .httpClient(new JdkHttpClientBuilder(http()).build())
        .serviceVersion(BlobServiceVersion.V2026_06_06)
        .buildClient();
  }

  private static String guid(SecureRandom random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private static String base64(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
