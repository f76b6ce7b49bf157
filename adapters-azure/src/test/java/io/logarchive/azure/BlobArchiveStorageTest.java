package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobProperties;
import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.Content;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.ArchiveStorageContract;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.Together;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BlobArchiveStorageTest implements ArchiveStorageContract {
  private static LoopbackTls tls;
  private static StubEntra entra;
  private static EmbeddedAzurite azurite;
  private static AzureClients clients;

  private final String container = "logs-" + Samples.uid();

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    tls = LoopbackTls.make(directory);
    azurite = Azurite.start(directory, tls);
    entra = new StubEntra(tls);
    clients = clients(entra.authority());
  }

  @AfterAll
  static void stop() throws Exception {
    if (entra != null) {
      entra.close();
      azurite.close();
    }
  }

  @BeforeEach
  void createContainer() {
    raw().create();
  }

  @Override
  public ArchiveStorage storage(String prefix) {
    return open(clients, access(prefix), Patience.RETRYING);
  }

  /** Azurite compares names as JavaScript does, by UTF-16. */
  @Test
  @Override
  public void thatOrderHoldsForEveryPlaneOfUnicode() {
    assertThatThrownBy(ArchiveStorageContract.super::thatOrderHoldsForEveryPlaneOfUnicode)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aBlobIsStoredWithItsTypeAndChecksumAndWithoutAnEncoding() {
    storage("").putIfAbsent("key", Content.of(new byte[] {1, 2}, Content.LOGS));
    BlobProperties properties = raw().getBlobClient("key").getProperties();
    assertThat(properties.getContentType()).isEqualTo(Content.LOGS);
    assertThat(properties.getContentEncoding()).isNull();
    assertThat(properties.getContentMd5()).hasSize(16);
  }

  @Test
  void aMissingContainerIsDenied() {
    StorageAccess.Blob missing =
        new StorageAccess.Blob(
            new BlobLocation(Azurite.ACCOUNT, "no-such-container", ""),
            StubEntra.TENANT,
            StubEntra.CLIENT,
            new Secret(StubEntra.SECRET));
    for (Patience patience : Patience.values()) {
      assertDenied(open(clients, missing, patience), "ContainerNotFound");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "99999999-2222-3333-4444-555555555555, client, secret, AADSTS90002",
    "tenant, 99999999-2222-3333-4444-555555555555, secret, AADSTS700016",
    "tenant, client, planted-wrong, AADSTS7000215",
    "tenant, client, planted-expired-secret, AADSTS7000222",
  })
  void whatEntraRefusesIsToldApartFromWhatTheContainerRefuses(
      String tenant, String client, String secret, String code) {
    StorageAccess.Blob wrong =
        new StorageAccess.Blob(
            new BlobLocation(Azurite.ACCOUNT, container, ""),
            tenant.equals("tenant") ? StubEntra.TENANT : tenant,
            client.equals("client") ? StubEntra.CLIENT : client,
            new Secret(secret.equals("secret") ? StubEntra.SECRET : secret));
    for (Patience patience : Patience.values()) {
      assertThatThrownBy(() -> open(clients, wrong, patience).get("key", 0, 1))
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessage("GetToken: " + code);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "planted-throttled-secret, temporarily_unavailable",
    "planted-unlucky-secret, AADSTS90033"
  })
  void whatPassesAtEntraIsUnavailable(String secret, String code) {
    StorageAccess.Blob access =
        new StorageAccess.Blob(
            new BlobLocation(Azurite.ACCOUNT, container, ""),
            StubEntra.TENANT,
            StubEntra.CLIENT,
            new Secret(secret));
    for (Patience patience : Patience.values()) {
      assertThatThrownBy(() -> open(clients, access, patience).get("key", 0, 1))
          .isInstanceOf(ServiceException.Unavailable.class)
          .hasMessage("GetToken: " + code);
    }
  }

  @Test
  void aTokenEndpointThatCannotBeReachedIsUnavailable() {
    AzureClients lost =
        clients(URI.create(StubServer.nowhere().toString().replace("http:", "https:")));
    for (Patience patience : Patience.values()) {
      assertThatThrownBy(() -> open(lost, access(""), patience).get("key", 0, 1))
          .isInstanceOf(ServiceException.Unavailable.class)
          .hasMessage("GetToken: Unreachable");
    }
  }

  @Test
  void aHundredCallersAtOnceAskForOneToken() {
    ArchiveStorage storage = storage("");
    storage.putIfAbsent("key", Content.of(new byte[] {1}, Content.LOGS));
    ArchiveStorage fresh = storage("");
    int before = entra.asked();
    assertThat(Together.run(100, i -> fresh.get("key", 0, 1).length)).containsOnly(1);
    assertThat(entra.asked()).isEqualTo(before + 1);
  }

  private StorageAccess.Blob access(String prefix) {
    return new StorageAccess.Blob(
        new BlobLocation(Azurite.ACCOUNT, container, prefix),
        StubEntra.TENANT,
        StubEntra.CLIENT,
        new Secret(StubEntra.SECRET));
  }

  private BlobContainerClient raw() {
    StorageAccess.Blob access = access("");
    return clients
        .container(access.location(), Patience.RETRYING)
        .credential(clients.appRegistration(access, Patience.RETRYING))
        .buildClient();
  }

  private static void assertDenied(ArchiveStorage storage, String code) {
    Content content = Content.of(new byte[] {1}, Content.LOGS);
    List<Runnable> calls =
        List.of(
            () -> storage.putIfAbsent("key", content),
            () -> storage.put("key", content),
            () -> storage.get("key", 0, 1),
            () -> storage.list("", null),
            () -> storage.head("key"));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              ServiceException.Denied.class, denied -> assertThat(denied.code()).isEqualTo(code));
    }
  }

  private static ArchiveStorage open(
      AzureClients clients, StorageAccess.Blob access, Patience patience) {
    return new BlobArchiveStorageProvider(clients, PAGE_SIZE).open(access, patience);
  }

  private static AzureClients clients(URI authority) {
    return new AzureClients(new AzureEndpoints(authority, azurite.blobs()), tls::http);
  }
}
