package io.logarchive.functions.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.logarchive.account.Secret;
import io.logarchive.functions.azure.AzureConfig.Identity;
import io.logarchive.functions.azure.AzureConfig.Keys;
import io.logarchive.ingest.IngestLimits;
import io.logarchive.service.Login;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureConfigTest {
  private static final Path DOCUMENTS = Path.of("..", "docs");

  private Map<String, String> environment;

  @BeforeEach
  void completeEnvironment(@TempDir Path folder) throws IOException {
    environment = Environments.complete(folder);
  }

  @Test
  void whatIsNotSetHasItsDefault() {
    AzureConfig config = AzureConfig.of(Environments.smallest(Environments.onAzure(environment)));

    assertThat(config.openSearchLogin()).isNull();
    assertThat(config.openSearchReplicas()).isEqualTo(1);
    assertThat(config.authority()).isNull();
    assertThat(config.customerBlobs()).isNull();
    assertThat(config.s3()).isNull();
    assertThat(config.auditKept()).isEqualTo(Duration.ofDays(400));
    assertThat(config.service().ingestLimits()).isEqualTo(IngestLimits.DEFAULT);
    assertThat(config.service().storages().sharedBuckets()).isFalse();
    assertThat(config.service().storages().identity()).isNull();
    assertThat(config.service().storages().own()).containsExactly("blob:example/logarchive");
  }

  @Test
  void whatIsSetIsRead() {
    AzureConfig config = AzureConfig.of(environment);

    assertThat(config.identity())
        .isEqualTo(new Identity.AccountKey(new Login("devstoreaccount1", new Secret("a2V5"))));
    assertThat(config.tables()).isEqualTo(URI.create("https://127.0.0.1:9002/devstoreaccount1"));
    assertThat(config.table()).isEqualTo("logarchive");
    assertThat(config.blobs()).isEqualTo(URI.create("https://127.0.0.1:9000/devstoreaccount1"));
    assertThat(config.container()).isEqualTo("logarchive");
    assertThat(config.keys()).isEqualTo(new Keys.InFile(new Secret(Environments.SEALING_KEY)));
    assertThat(config.openSearchLogin()).isEqualTo(new Login("admin", new Secret("password")));
    assertThat(config.openSearchReplicas()).isZero();
    assertThat(config.authority()).isEqualTo(URI.create("https://127.0.0.1:9003"));
    assertThat(config.customerBlobs()).isEqualTo(URI.create("https://127.0.0.1:9000"));
    assertThat(config.s3()).isEqualTo(URI.create("http://127.0.0.1:9004"));
    assertThat(config.auditKept()).isEqualTo(Duration.ofDays(30));
    assertThat(config.service().deploymentId()).isEqualTo("test");
    assertThat(config.service().storages().sharedBuckets()).isTrue();
    assertThat(config.service().storages().own())
        .containsExactly("blob:devstoreaccount1/logarchive");
  }

  @Test
  void onAzureItIsAManagedIdentityWithKeysInAVault() {
    AzureConfig config = AzureConfig.of(Environments.onAzure(environment));

    assertThat(config.identity())
        .isEqualTo(
            new Identity.Managed(
                "11111111-2222-3333-4444-555555555555",
                URI.create("http://127.0.0.1:8081/msi/token"),
                new Secret("header")));
    assertThat(config.keys())
        .isEqualTo(
            new Keys.InVault(
                URI.create(Environments.VAULT_KEY + "sealing"),
                URI.create(Environments.VAULT_KEY + "signing/0123456789abcdef0123456789abcdef")));
  }

  @Test
  void everyProblemIsToldAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AzureConfig.of(Map.of("RESTORE_SLOTS", "0")))
        .withMessage(
            "The environment is not as docs/configuration.md says: BLOB_ENDPOINT is missing;"
                + " DEPLOYMENT_CONTAINER is missing;"
                + " SEALING_KEY_URL and SIGNING_KEY_URL, or SEALING_KEY_FILE, are missing;"
                + " AZURE_CLIENT_ID is missing; IDENTITY_ENDPOINT is missing;"
                + " IDENTITY_HEADER is missing; TABLE_ENDPOINT is missing; TABLE_NAME is missing;"
                + " OPENSEARCH_ENDPOINT is missing; DEPLOYMENT_ID is missing;"
                + " ADMIN_TOKEN_SHA256 is missing;"
                + " RESTORE_SLOTS must be a whole number from 1 to 100");
  }

  @Test
  void twoWaysAtOnceAreRefused() {
    Map<String, String> both = Environments.onAzure(environment);
    both.putAll(environment);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AzureConfig.of(both))
        .withMessageContaining("the keys are either in Key Vault or in a file");
  }

  @ParameterizedTest
  @CsvSource({
    "SIGNING_KEY_URL, 'SEALING_KEY_URL and SIGNING_KEY_URL go together, but one of them is missing'",
    "IDENTITY_HEADER, IDENTITY_HEADER is missing",
    "OPENSEARCH_PASSWORD, 'OPENSEARCH_USERNAME and OPENSEARCH_PASSWORD go together, but one of them is missing'",
  })
  void halfOfWhatGoesTogetherIsRefused(String key, String problem) {
    Map<String, String> fewer = Environments.onAzure(environment);
    fewer.remove(key);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AzureConfig.of(fewer))
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "DEPLOYMENT_CONTAINER, Capitals, must be the name of a container",
    "TABLE_ENDPOINT, file:///etc/passwd, must be the address of a service",
    "BLOB_ENDPOINT, http://user:secret@host, must be the address of a service",
    "AZURE_AUTHORITY_HOST, login, must be the address of a service",
    "SHARED_BUCKETS, yes, must be true or false",
    "AUDIT_DAYS, 0, must be a whole number from 1 to 36500",
  })
  void aWrongValueIsRefusedWithItsRule(String key, String value, String rule) {
    Map<String, String> wrong = new HashMap<>(environment);
    wrong.put(key, value);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AzureConfig.of(wrong))
        .withMessageContaining(key + " " + rule)
        .withMessageNotContaining("secret");
  }

  @Test
  void aSecretThatTheHostCouldNotReadIsNoPassword() {
    Map<String, String> unread = Environments.onAzure(environment);
    unread.put("OPENSEARCH_PASSWORD", "@Microsoft.KeyVault(SecretUri=https://v.example/secrets/p)");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AzureConfig.of(unread))
        .withMessage(
            "The environment is not as docs/configuration.md says: OPENSEARCH_PASSWORD is a"
                + " reference to Key Vault that the host could not resolve");
  }

  @Test
  void noSecretShows() {
    assertThat(AzureConfig.of(environment).toString())
        .doesNotContain("a2V5")
        .doesNotContain("password")
        .doesNotContain(Environments.SEALING_KEY);
    assertThat(AzureConfig.of(Environments.onAzure(environment)).toString())
        .doesNotContain("=header");
  }

  @Test
  void everyKeyThatIsReadIsDocumentedAndNoOther() throws IOException {
    Set<String> read = new TreeSet<>();
    AzureConfig.of(new Recorded(Environments.onAzure(environment), read));
    AzureConfig.of(new Recorded(environment, read));
    read.add("LOG_LEVEL");
    Set<String> here = rows("configuration-azure.md");
    Set<String> there = rows("configuration.md");

    Set<String> documented = new TreeSet<>(there);
    documented.addAll(here);
    assertThat(documented).containsAll(read);
    assertThat(read).containsAll(here);
    Set<String> same = new TreeSet<>(read);
    same.removeAll(here);
    assertThat(Files.readString(DOCUMENTS.resolve("configuration-azure.md")))
        .contains(
            same.stream()
                .filter(key -> !key.matches("(RESTORE|INGEST|CONTROL|SEARCH|AUDIT)_.*"))
                .toList());
  }

  private static Set<String> rows(String document) throws IOException {
    return Pattern.compile("(?m)^\\| `([A-Z0-9_]+)`")
        .matcher(Files.readString(DOCUMENTS.resolve(document)))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Remembers what it was asked for. */
  private static final class Recorded extends AbstractMap<String, String> {
    private final Map<String, String> values;
    private final Set<String> asked;

    Recorded(Map<String, String> values, Set<String> asked) {
      this.values = values;
      this.asked = asked;
    }

    @Override
    public @Nullable String get(Object key) {
      asked.add((String) key);
      return values.get(key);
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
      return values.entrySet();
    }
  }
}
