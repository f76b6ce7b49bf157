package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.storage.common.StorageSharedKeyCredential;
import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.azure.AzureLogin.AccountKey;
import io.logarchive.azure.AzureLogin.ManagedIdentity;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.ArchiveStorageContract;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.StubServer;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container of the deployment's own: by the account's key, and as a managed identity. */
final class OwnContainerTest implements ArchiveStorageContract {
  private static final AccountKey KEY = new AccountKey(Azurite.ACCOUNT, Azurite.KEY);

  private static EmbeddedAzurite azurite;
  private static AzureClients clients;

  private final String container = "plans-" + Samples.uid();

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    LoopbackTls tls = LoopbackTls.make(directory);
    azurite = Azurite.start(directory, tls);
    clients = new AzureClients(AzureEndpoints.AZURE, tls::http);
  }

  @AfterAll
  static void stop() throws Exception {
    if (azurite != null) {
      azurite.close();
    }
  }

  @BeforeEach
  void createContainer() {
    clients
        .ownContainer(endpoint(), container)
        .credential(new StorageSharedKeyCredential(Azurite.ACCOUNT, Azurite.KEY.value()))
        .buildClient()
        .create();
  }

  @Override
  public ArchiveStorage storage(String prefix) {
    return new BlobArchiveStorageProvider(clients, PAGE_SIZE)
        .openOwn(endpoint(), container, prefix, KEY);
  }

  /** Azurite compares names as JavaScript does, by UTF-16. */
  @Test
  @Override
  public void thatOrderHoldsForEveryPlaneOfUnicode() {
    assertThatThrownBy(ArchiveStorageContract.super::thatOrderHoldsForEveryPlaneOfUnicode)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void whatTheKeyOpensTheManagedIdentityOpensToo() {
    storage("restores").put("plan", Content.of(new byte[] {1, 2}, Content.JSON));
    try (StubAppService service = new StubAppService()) {
      ArchiveStorage own = open(URI.create(endpoint() + "/"), service.identity());
      assertThat(own.get("plan", 0, 10)).containsExactly(1, 2);
      assertThat(own.putIfAbsent("plan", Content.of(new byte[] {3}, Content.JSON))).isFalse();
      assertThat(service.requests()).hasSize(1);
    }
  }

  @Test
  void whatAppServiceRefusesIsToldApartFromWhatTheContainerRefuses() {
    try (StubAppService service = new StubAppService()) {
      ManagedIdentity other =
          new ManagedIdentity(
              "99999999-7777-8888-9999-000000000000",
              service.identity().endpoint(),
              service.identity().header());
      assertThatThrownBy(() -> open(endpoint(), other).get("plan", 0, 10))
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessage("GetToken: Http400");
    }
  }

  @Test
  void aWrongKeyIsDenied() {
    AccountKey wrong = new AccountKey(Azurite.ACCOUNT, new Secret("cGxhbnRlZC13cm9uZw=="));
    assertThatThrownBy(() -> open(endpoint(), wrong).get("plan", 0, 10))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageStartingWith("GetBlob: ");
  }

  @Test
  void anAccountThatCannotBeReachedIsUnavailable() {
    assertThatThrownBy(() -> open(StubServer.nowhere(), KEY).get("plan", 0, 10))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetBlob: Unreachable");
  }

  private ArchiveStorage open(URI endpoint, AzureLogin login) {
    return new BlobArchiveStorageProvider(clients).openOwn(endpoint, container, "restores", login);
  }

  private static URI endpoint() {
    return URI.create(azurite.blobs() + "/" + Azurite.ACCOUNT);
  }
}
