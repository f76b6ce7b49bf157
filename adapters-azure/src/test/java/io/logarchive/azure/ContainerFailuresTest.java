package io.logarchive.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.ConnectionTest;
import io.logarchive.archive.ConnectionTest.Check;
import io.logarchive.archive.ConnectionTest.Claiming;
import io.logarchive.archive.ConnectionTest.Report;
import io.logarchive.archive.Content;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.OwnershipProof;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageProviders;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.SettableClock;
import io.logarchive.testkit.StubServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be wrong with a customer's container, each as the services say it, and its cure. */
class ContainerFailuresTest {
  private static final String ROLE =
      "az role assignment create --assignee "
          + StubEntra.CLIENT
          + " --role \"Storage Blob Data Contributor\" --scope"
          + " \"$(az storage account show --name "
          + Azurite.ACCOUNT
          + " --query id --output tsv)/blobServices/default/containers/";

  private static final String BLOB_REQUEST = " (request BLOB-1)";
  private static final OwnershipProof PROOF =
      new OwnershipProof(
          "deployment", new DeploymentKey(new byte[DeploymentKey.KEY_BYTES], new SecureRandom()));

  private static LoopbackTls tls;
  private static StubEntra entra;
  private static EmbeddedAzurite azurite;

  private final Uid account = new Uid("0".repeat(32));
  private final String container = "logs-" + Samples.uid();

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    tls = LoopbackTls.make(directory);
    azurite = Azurite.start(directory, tls);
    entra = new StubEntra(tls);
  }

  @AfterAll
  static void stop() throws Exception {
    if (entra != null) {
      entra.close();
      azurite.close();
    }
  }

  @Test
  void aContainerPassesAndHoldsProbeAndProof() {
    create();
    Report report = test().run(access(StubEntra.SECRET), account, Claiming.WHAT_IS_FREE);

    assertThat(report.checks())
        .extracting(Check::name)
        .containsExactly("Token", "PutBlob", "ListBlobs", "GetBlob", "OwnershipProof");
    assertThat(report.checks()).allSatisfy(check -> assertThat(check.error()).isNull());
    assertThat(open().list("", null).objects())
        .extracting(info -> info.key())
        .containsExactly("logzio-test", "logzio-verified");
    assertThat(test().run(access(StubEntra.SECRET), account, Claiming.NOTHING).ok()).isTrue();
  }

  @Test
  void oneTokenIsEnough() {
    create();
    int before = entra.asked();
    assertThat(test().run(access(StubEntra.SECRET), account, Claiming.NOTHING).ok()).isTrue();
    assertThat(entra.asked()).isEqualTo(before + 1);
  }

  /** As a lifecycle rule does that is for the whole container. */
  @ParameterizedTest
  @CsvSource({
    "BlobArchived, '--name logs/%s --tier Hot --rehydrate-priority High'",
    "BlobBeingRehydrated, The file %s was moved"
  })
  void filesThatWereMovedToTheArchiveTierAreNamedWithWhatBringsThemBack(String code, String remedy)
      throws Exception {
    List<String> written = new CopyOnWriteArrayList<>();
    try (StubBlobs blobs =
        new StubBlobs(
            method -> {
              if (method.equals("PUT")) {
                written.add(method);
              }
              return Optional.of("409 " + code);
            })) {
      Report report =
          test(entra.authority(), blobs.endpoint())
              .run(access(StubEntra.SECRET), account, Claiming.WHAT_IS_FREE);
      String rule = "names begin with " + container + "/logs/dt=";
      assertThat(check(report, "PutBlob").error()).isEqualTo("PutBlob: " + code + BLOB_REQUEST);
      assertThat(check(report, "PutBlob").remedy()).contains(rule, remedy.formatted("logzio-test"));
      assertThat(check(report, "OwnershipProof").error())
          .isEqualTo("GetBlob: " + code + BLOB_REQUEST);
      assertThat(check(report, "OwnershipProof").remedy())
          .contains(rule, remedy.formatted("logzio-verified"));

      written.clear();
      ArchiveStorage storage =
          new BlobArchiveStorageProvider(clients(entra.authority(), blobs.endpoint()))
              .open(access(StubEntra.SECRET), ArchiveStorageProvider.Patience.BRIEF);
      assertThatThrownBy(() -> PROOF.keep(storage, account, location(container).uri()))
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessage("GetBlob: " + code + BLOB_REQUEST);
      assertThat(written).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold"})
  void aProbeThatIsKeptAsItIsWillDo(String code) throws Exception {
    try (StubBlobs blobs =
        new StubBlobs(
            method -> method.equals("PUT") ? Optional.of("409 " + code) : Optional.empty())) {
      Report report =
          test(entra.authority(), blobs.endpoint())
              .run(access(StubEntra.SECRET), account, Claiming.NOTHING);
      assertThat(check(report, "PutBlob").error()).isNull();
    }
  }

  @Test
  void anArchiveThatIsAnothersIsLeftAloneUnlessItIsTakenOver() {
    create();
    open()
        .put(
            "logzio-verified",
            Content.of("{\"deploymentId\":\"another\"}".getBytes(UTF_8), Content.JSON));
    Report report = test().run(access(StubEntra.SECRET), account, Claiming.WHAT_IS_FREE);

    assertThat(report.firstFailure().name()).isEqualTo("OwnershipProof");
    assertThat(report.firstFailure().error()).contains("belongs to another deployment");
    assertThat(open().list("", null).objects()).hasSize(1);

    assertThat(test().run(access(StubEntra.SECRET), account, Claiming.WHAT_IS_ANOTHERS).ok())
        .isTrue();
    assertThat(open().list("logzio-verified.", null).objects()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "99999999-2222-3333-4444-555555555555, client, secret, AADSTS90002, Correct tenantId",
    "tenant, 99999999-2222-3333-4444-555555555555, secret, AADSTS700016, Correct clientId or tenantId",
    "tenant, 77777777-7777-8888-9999-000000000000, secret, AADSTS7000229, az ad sp create --id 7777",
    "tenant, client, planted-wrong, AADSTS7000215, Correct clientSecret",
    "tenant, client, planted-expired-secret, AADSTS7000222, az ad app credential reset --append",
    "tenant, client, planted-throttled-secret, temporarily_unavailable, Entra could not be reached",
    "tenant, client, planted-unlucky-secret, AADSTS90033, Entra could not be reached or was busy",
  })
  void whatEntraRefusesIsNamedWithItsRemedyAndTheRestIsNotTried(
      String tenant, String client, String secret, String error, String remedy) {
    StorageAccess access =
        new StorageAccess.Blob(
            location(container),
            tenant.equals("tenant") ? StubEntra.TENANT : tenant,
            client.equals("client") ? StubEntra.CLIENT : client,
            new Secret(secret.equals("secret") ? StubEntra.SECRET : secret));
    Report report = test().run(access, account, Claiming.NOTHING);

    assertThat(report.firstFailure().name()).isEqualTo("Token");
    assertThat(report.firstFailure().error()).isEqualTo("GetToken: " + error);
    assertThat(report.firstFailure().remedy()).contains(remedy);
    assertThat(report.checks())
        .filteredOn(check -> !check.name().equals("Token"))
        .hasSize(4)
        .allSatisfy(check -> assertThat(check.remedy()).isEqualTo("Mend Token first"));
  }

  @Test
  void anEntraThatCannotBeReachedIsNamed() {
    URI nowhere = URI.create(StubServer.nowhere().toString().replace("http:", "https:"));
    Check failure =
        test(nowhere, azurite.blobs())
            .run(access(StubEntra.SECRET), account, Claiming.NOTHING)
            .firstFailure();
    assertThat(failure.name()).isEqualTo("Token");
    assertThat(failure.remedy()).contains("Entra could not be reached");
  }

  @Test
  void aMissingContainerIsNamedWithTheCommandThatMakesIt() {
    Check failure =
        test().run(access(StubEntra.SECRET), account, Claiming.WHAT_IS_FREE).firstFailure();

    assertThat(failure.error()).contains("ContainerNotFound");
    assertThat(failure.remedy())
        .contains(
            "az storage container-rm create --storage-account "
                + Azurite.ACCOUNT
                + " --name "
                + container);
  }

  @Test
  void aStorageAccountThatIsNotThereIsNamed() {
    URI nowhere = URI.create(StubServer.nowhere().toString().replace("http:", "https:"));
    Check failure =
        test(entra.authority(), nowhere)
            .run(access(StubEntra.SECRET), account, Claiming.NOTHING)
            .firstFailure();
    assertThat(failure.error()).contains("Unreachable");
    assertThat(failure.remedy())
        .contains("Correct accountName", "https://" + Azurite.ACCOUNT + ".blob.core.windows.net");
  }

  @ParameterizedTest
  @CsvSource({
    "403, AuthorizationPermissionMismatch, Give the app registration the role",
    "403, AuthorizationFailure, az storage account update --name plantedaccount",
    "401, InvalidAuthenticationInfo, the storage account belongs to another directory",
    "403, AccountIsDisabled, The storage account is disabled",
    "403, InsufficientAccountPermissions, The storage account itself allows no such call",
    "412, LeaseIdMissing, az storage blob lease break --auth-mode login",
    "409, InvalidBlobType, There is a page blob or an append blob logs/logzio-test",
    "403, KeyVaultEncryptionKeyNotFound, mend the key",
    "409, BlobIsSomethingNew, Look up the code of the error in Azure's list",
    "503, ServerBusy, The storage could not be reached or was busy",
  })
  void whatTheStorageAccountRefusesIsNamedWithItsRemedy(int status, String code, String remedy)
      throws Exception {
    try (StubBlobs blobs = new StubBlobs(method -> Optional.of(status + " " + code))) {
      Check failure =
          test(entra.authority(), blobs.endpoint())
              .run(access(StubEntra.SECRET), account, Claiming.WHAT_IS_FREE)
              .firstFailure();
      assertThat(failure.error()).contains(code, "(request BLOB-1)");
      assertThat(failure.remedy()).contains(remedy);
    }
  }

  @Test
  void aRoleThatReadsOnlyIsNamedWithTheOneThatWrites() throws Exception {
    try (StubBlobs blobs =
        new StubBlobs(
            method ->
                method.equals("PUT")
                    ? Optional.of("403 AuthorizationPermissionMismatch")
                    : Optional.empty())) {
      Report report =
          test(entra.authority(), blobs.endpoint())
              .run(access(StubEntra.SECRET), account, Claiming.WHAT_IS_FREE);
      assertThat(report.firstFailure().name()).isEqualTo("PutBlob");
      assertThat(report.firstFailure().remedy()).contains(ROLE + container + "\"");
      assertThat(report.checks())
          .filteredOn(Check::ok)
          .extracting(Check::name)
          .containsExactly("Token", "ListBlobs", "GetBlob");
    }
  }

  private static Check check(Report report, String name) {
    return report.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void create() {
    StorageAccess.Blob access = access(StubEntra.SECRET);
    AzureClients clients = clients(entra.authority(), azurite.blobs());
    clients
        .container(access.location(), ArchiveStorageProvider.Patience.RETRYING)
        .credential(clients.appRegistration(access, ArchiveStorageProvider.Patience.RETRYING))
        .buildClient()
        .create();
  }

  private ArchiveStorage open() {
    return new BlobArchiveStorageProvider(clients(entra.authority(), azurite.blobs()))
        .open(access(StubEntra.SECRET), ArchiveStorageProvider.Patience.RETRYING);
  }

  private StorageAccess.Blob access(String secret) {
    return new StorageAccess.Blob(
        location(container), StubEntra.TENANT, StubEntra.CLIENT, new Secret(secret));
  }

  private static BlobLocation location(String container) {
    return new BlobLocation(Azurite.ACCOUNT, container, "logs");
  }

  private static ConnectionTest test() {
    return test(entra.authority(), azurite.blobs());
  }

  private static ConnectionTest test(URI authority, URI storage) {
    return new ConnectionTest(
        new StorageProviders(
            () -> {
              throw new IllegalStateException("There are no buckets here");
            },
            () -> new BlobArchiveStorageProvider(clients(authority, storage))),
        PROOF,
        new SettableClock(Instant.parse("2026-11-24T09:00:00Z")),
        null);
  }

  private static AzureClients clients(URI authority, URI storage) {
    return new AzureClients(new AzureEndpoints(authority, storage), tls::http);
  }

  /** Refuses as the service does; where it does not, its containers are there and empty. */
  private static final class StubBlobs implements AutoCloseable {
    private final HttpsServer server;
    private final Function<String, Optional<String>> refusal;

    StubBlobs(Function<String, Optional<String>> refusal) throws IOException {
      this.refusal = refusal;
      this.server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
      server.createContext("/", this::answer);
      server.start();
    }

    URI endpoint() {
      return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
      server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
      exchange.getRequestBody().readAllBytes();
      Optional<String> refused = refusal.apply(exchange.getRequestMethod());
      boolean list = String.valueOf(exchange.getRequestURI().getQuery()).contains("comp=list");
      String[] failure = refused.orElse("404 BlobNotFound").split(" ", 2);
      boolean fails = refused.isPresent() || !list;
      String body =
          fails
              ? "<Error><Code>" + failure[1] + "</Code><Message>Said by it</Message></Error>"
              : "<EnumerationResults><Blobs/><NextMarker/></EnumerationResults>";
      exchange.getResponseHeaders().add("Content-Type", "application/xml");
      exchange.getResponseHeaders().add("x-ms-request-id", "BLOB-1");
      if (fails) {
        exchange.getResponseHeaders().add("x-ms-error-code", failure[1]);
      }
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(fails ? Integer.parseInt(failure[0]) : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }
  }
}
