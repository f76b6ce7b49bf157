package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.SecretSealer;
import io.logarchive.azure.StubKeyVault.Request;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.DeploymentSignatureContract;
import io.logarchive.testkit.SecretSealerContract;
import io.logarchive.testkit.SettableClock;
import io.logarchive.testkit.Together;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Key Vault is asked, and what is made of its answers. */
final class KeyVaultTest implements SecretSealerContract, DeploymentSignatureContract {
  private static final String SEALING = "sealing";
  private static final byte[] MESSAGE = "proof".getBytes(StandardCharsets.UTF_8);

  private static LoopbackTls tls;
  private static StubAppService appService;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T10:00:00Z"));
  private StubKeyVault vault;
  private String first;
  private String signing;
  private String anotherSigning;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    tls = LoopbackTls.make(directory);
    appService = new StubAppService();
  }

  @AfterAll
  static void stop() {
    appService.close();
  }

  @BeforeEach
  void makeKeys() throws Exception {
    vault = new StubKeyVault(tls);
    first = vault.rotate(SEALING);
    vault.rotate("another");
    signing = vault.rotate("signing");
    anotherSigning = vault.rotate("signing");
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @Override
  public SecretSealer sealer() {
    return sealer(SEALING);
  }

  @Override
  public SecretSealer another() {
    return sealer("another");
  }

  @Override
  public DeploymentSignature signature() {
    return new KeyVaultDeploymentSignature(clients(), appService.identity(), signing);
  }

  @Override
  public DeploymentSignature anothers() {
    return new KeyVaultDeploymentSignature(clients(), appService.identity(), anotherSigning);
  }

  @Test
  void theNewestVersionWrapsInTheVaultAndItsUrlGoesWithTheSeal() {
    SealedSecret sealed = sealer().seal(CONTEXT, SECRET);

    assertThat(sealed.keyId()).isEqualTo(first);
    assertThat(paths()).containsExactly("/keys/sealing//wrapkey");
    Request request = vault.requests().getFirst();
    assertThat(request.token()).startsWith("Bearer ey");
    assertThat(request.body().member("alg").orElseThrow().toString()).contains("RSA-OAEP-256");
    assertThat(sealed.bytes()).startsWith(1, 1, 0);
  }

  @Test
  void anotherProcessUnwrapsInTheVaultWithTheVersionThatWrapped() {
    SealedSecret sealed = sealer().seal(CONTEXT, SECRET);
    vault.rotate(SEALING);

    assertThat(sealer().open(CONTEXT, sealed)).isEqualTo(SECRET);
    assertThat(paths()).containsExactly("/keys/sealing//wrapkey", path(first) + "/unwrapkey");
  }

  @Test
  void anAccountsSecretsAreSealedWithOneDataKeyForAnHour() {
    SecretSealer sealer = sealer();
    for (int id = 1; id <= 10; id++) {
      SecretSealer.SealContext context = new SecretSealer.SealContext(ACCOUNT, id);
      assertThat(sealer.open(context, sealer.seal(context, SECRET))).isEqualTo(SECRET);
    }
    assertThat(paths()).hasSize(1);

    sealer.seal(new SecretSealer.SealContext(new Uid("f".repeat(32)), 1), SECRET);
    assertThat(paths()).hasSize(2);

    clock.advance(Duration.ofHours(1));
    sealer.seal(CONTEXT, SECRET);
    assertThat(paths()).hasSize(3).allMatch(path -> path.endsWith("/wrapkey"));
  }

  /** Even for an account whose older secret was opened before. */
  @Test
  void whatIsSealedAfterARotationIsTheNewVersions() {
    SealedSecret old = sealer().seal(CONTEXT, SECRET);
    String second = vault.rotate(SEALING);
    SecretSealer sealer = sealer();
    assertThat(sealer.open(CONTEXT, old)).isEqualTo(SECRET);

    SealedSecret fresh = sealer.seal(CONTEXT, SECRET);
    assertThat(fresh.keyId()).isEqualTo(second);
    vault.disable(first);
    assertThat(sealer().open(CONTEXT, fresh)).isEqualTo(SECRET);
    assertThatThrownBy(() -> sealer().open(CONTEXT, old))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("UnwrapKey: KeyDisabled (request REQUEST-1)");
  }

  @Test
  void aHundredOpensAtOnceUnwrapOnce() {
    SealedSecret sealed = sealer().seal(CONTEXT, SECRET);
    SecretSealer fresh = sealer();
    assertThat(Together.run(100, i -> fresh.open(CONTEXT, sealed))).containsOnly(SECRET);
    assertThat(paths()).hasSize(2);

    clock.advance(Duration.ofHours(1));
    assertThat(fresh.open(CONTEXT, sealed)).isEqualTo(SECRET);
    assertThat(paths()).hasSize(3);
  }

  @Test
  void aHundredSealsAtOnceWrapOnce() {
    SecretSealer fresh = sealer();
    List<SealedSecret> sealed = Together.run(100, i -> fresh.seal(CONTEXT, SECRET));
    assertThat(sealed).doesNotHaveDuplicates();
    assertThat(paths()).containsExactly("/keys/sealing//wrapkey");
  }

  /** Whoever can write settings could else send the deployment's token to a vault of his own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "file:01020304",
        "https://other.vault.azure.net/keys/sealing/00000000000000000000000000abc000",
        "KEY",
        "KEY/",
        "KEY/newest",
        "KEY/../another/00000000000000000000000000abc000",
        "KEY2/00000000000000000000000000abc000"
      })
  void aSealOfAnotherKeyIsDeniedAndNobodyIsAsked(String keyId) {
    byte[] bytes = sealer().seal(CONTEXT, SECRET).bytes();
    SealedSecret foreign = new SealedSecret(keyId.replace("KEY", vault.keyUrl(SEALING)), bytes);
    assertThatThrownBy(() -> sealer().open(CONTEXT, foreign))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("OpenSecret: SealedByAnotherKey");
    assertThat(paths()).hasSize(1);
  }

  @Test
  void aMessageIsSignedInTheVaultByTheVersionThatIsNamed() {
    assertThat(signature().sign(MESSAGE)).hasSize(32);
    assertThat(paths()).containsExactly(path(signing) + "/sign");
    assertThat(vault.requests().getFirst().body().member("alg").orElseThrow().toString())
        .contains("RS256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://planted.vault.azure.net/keys/sealing/00000000000000000000000000abc000",
        "https://planted.vault.azure.net/keys/sealing/",
        "https://planted.vault.azure.net/secrets/sealing",
        "http://planted.vault.azure.net/keys/sealing",
        "planted"
      })
  void onlyTheUrlOfAKeyWithoutItsVersionSeals(String url) {
    assertThatThrownBy(
            () ->
                new KeyVaultSecretSealer(
                    clients(), appService.identity(), url, new SecureRandom(), clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without its version: " + url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://planted.vault.azure.net/keys/signing",
        "https://planted.vault.azure.net/keys/signing/newest",
        "http://planted.vault.azure.net/keys/signing/00000000000000000000000000abc000"
      })
  void onlyTheUrlOfOneVersionSigns(String url) {
    assertThatThrownBy(() -> new KeyVaultDeploymentSignature(clients(), appService.identity(), url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with its version: " + url);
  }

  @Test
  void tokensAreAskedForOnceAndForVaults() {
    int before = appService.requests().size();
    SecretSealer sealer = sealer();
    SealedSecret sealed = sealer.seal(CONTEXT, SECRET);
    assertThat(sealer.open(CONTEXT, sealed)).isEqualTo(new Secret(SECRET.value()));
    assertThat(appService.requests()).hasSize(before + 1);
    assertThat(appService.requests().getLast().target())
        .contains("resource=https%3A%2F%2Fvault.azure.net&");
  }

  private SecretSealer sealer(String key) {
    return new KeyVaultSecretSealer(
        clients(), appService.identity(), vault.keyUrl(key), new SecureRandom(), clock);
  }

  private List<String> paths() {
    return vault.requests().stream().map(Request::path).toList();
  }

  private static String path(String versionUrl) {
    return versionUrl.substring(versionUrl.indexOf("/keys/"));
  }

  private static AzureClients clients() {
    return new AzureClients(AzureEndpoints.AZURE, tls::http);
  }
}
