package io.logarchive.functions.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.logarchive.account.Secret;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.functions.aws.AwsConfig.Endpoints;
import io.logarchive.functions.aws.AwsConfig.Keys;
import io.logarchive.functions.aws.AwsConfig.LoginSource;
import io.logarchive.ingest.IngestLimits;
import io.logarchive.limit.RatePerSecond;
import io.logarchive.limit.RequestLimits.PerMinute;
import io.logarchive.restore.RestoreLimits;
import io.logarchive.restore.RestoreSlice.BulkLimits;
import io.logarchive.restore.SliceLimits;
import io.logarchive.service.Login;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsConfigTest {
  private static final Path LOG_WIRING =
      Path.of("../functions-common/src/main/java/io/logarchive/functions/LogWiring.java");
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

  private Map<String, String> environment;

  @BeforeEach
  void completeEnvironment(@TempDir Path folder) throws IOException {
    environment = Environments.complete(folder);
  }

  @Test
  void whatIsNotSetHasItsDefault() {
    AwsConfig config = AwsConfig.of(Environments.smallest(environment));

    assertThat(config.accessKey()).isNull();
    assertThat(config.awsIdentity()).isNull();
    assertThat(config.openSearchLogin()).isNull();
    assertThat(config.openSearchReplicas()).isEqualTo(1);
    assertThat(config.endpoints())
        .isEqualTo(new Endpoints(null, null, null, null, null, null, null, null));
    assertThat(config.service().ingestLimits()).isEqualTo(IngestLimits.DEFAULT);
    assertThat(config.service().restoreLimits()).isEqualTo(RestoreLimits.DEFAULT);
    assertThat(config.service().sliceLimits()).isEqualTo(SliceLimits.DEFAULT);
    assertThat(config.service().bulkLimits()).isEqualTo(BulkLimits.DEFAULT);
    assertThat(config.service().startGrace()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.auditKept()).isEqualTo(Duration.ofDays(400));
    assertThat(config.service().requestLimits()).isEqualTo(new PerMinute(300, 300));
    assertThat(config.service().ingestRate()).isEqualTo(new RatePerSecond(1_000, 50_000_000));
    assertThat(config.service().storages().sharedBuckets()).isFalse();
    assertThat(config.service().storages().ownAccountRoles()).isFalse();
  }

  @Test
  void whatIsSetIsRead() {
    AwsConfig config = AwsConfig.of(environment);

    assertThat(config.region()).isEqualTo("eu-central-1");
    assertThat(config.accessKey()).isEqualTo(new Login("AKIAEXAMPLE", new Secret("key")));
    assertThat(config.sessionToken()).isEqualTo(new Secret("temporary"));
    assertThat(config.awsIdentity())
        .isEqualTo(
            new AwsIdentity(
                "123456789012", "arn:aws:iam::123456789012:role/logarchive-archive-access"));
    assertThat(config.endpoints())
        .isEqualTo(
            new Endpoints(
                port(9001),
                port(9002),
                port(9003),
                port(9004),
                port(9005),
                port(9006),
                URI.create("https://localhost:9007"),
                URI.create("https://localhost:9008")));
    assertThat(config.keys()).isEqualTo(new Keys.InFile(new Secret(Environments.SEALING_KEY)));
    assertThat(config.openSearchLogin())
        .isEqualTo(new LoginSource.InEnvironment(new Login("admin", new Secret("password"))));
    assertThat(config.openSearchReplicas()).isZero();
    assertThat(config.service().ingestLimits().eventHours()).isEqualTo(12);
    assertThat(config.service().restoreLimits())
        .isEqualTo(new RestoreLimits(Duration.ofDays(2), 1_500_000_000L, 7));
    assertThat(config.service().sliceLimits())
        .isEqualTo(new SliceLimits(1_000_000, 100_000, 10, 10_000));
    assertThat(config.service().bulkLimits()).isEqualTo(new BulkLimits(500, 50_000));
    assertThat(config.service().startGrace()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.auditKept()).isEqualTo(Duration.ofDays(30));
    assertThat(config.service().requestLimits()).isEqualTo(new PerMinute(1_000, 2_000));
    assertThat(config.service().ingestRate()).isEqualTo(new RatePerSecond(3_000, 4_000_000));
    assertThat(config.service().storages().sharedBuckets()).isTrue();
    assertThat(config.service().storages().ownAccountRoles()).isTrue();
  }

  @Test
  void keysAndLoginMayBeKeptByAws() {
    AwsConfig config = AwsConfig.of(Environments.onAws(environment));

    assertThat(config.keys())
        .isEqualTo(
            new Keys.InKms(Environments.KMS_KEY + "sealing", Environments.KMS_KEY + "signing"));
    assertThat(config.openSearchLogin())
        .isEqualTo(new LoginSource.InSecretsManager(Environments.SECRET));
  }

  @Test
  void oneAddressStandsForThoseThatAreNotSet() {
    Map<String, String> fewer = new HashMap<>(environment);
    fewer.keySet().removeAll(List.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_KMS"));

    assertThat(AwsConfig.of(fewer).endpoints())
        .isEqualTo(
            new Endpoints(
                port(9000),
                port(9002),
                port(9003),
                port(9000),
                port(9005),
                port(9006),
                URI.create("https://localhost:9007"),
                URI.create("https://localhost:9008")));
  }

  @ParameterizedTest
  @CsvSource({
    "SEALING_KEY_ARN, 'SEALING_KEY_ARN and SIGNING_KEY_ARN go together, but one of them is missing'",
    "SIGNING_KEY_ARN, 'SEALING_KEY_ARN and SIGNING_KEY_ARN go together, but one of them is missing'",
    "SEALING_KEY_FILE, 'SEALING_KEY_ARN and SIGNING_KEY_ARN, or SEALING_KEY_FILE, are missing'"
  })
  void keysThatAreMissingAreNamed(String key, String problem) {
    Map<String, String> fewer =
        key.endsWith("FILE") ? new HashMap<>(environment) : Environments.onAws(environment);
    fewer.remove(key);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsConfig.of(fewer))
        .withMessage("The environment is not as docs/configuration.md says: " + problem);
  }

  @Test
  void twoWaysAtOnceAreRefused() {
    Map<String, String> both = Environments.onAws(environment);
    both.putAll(environment);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsConfig.of(both))
        .withMessageContaining("the keys are either in KMS or in a file")
        .withMessageContaining("the login is either in Secrets Manager or in the environment");
  }

  @ParameterizedTest
  @CsvSource({
    "SEALING_KEY_ARN, arn:aws:kms:eu-central-1:123456789012:alias/sealing,"
        + " arn:aws:kms:REGION:ACCOUNT:key/ID",
    "SIGNING_KEY_ARN, hmac, arn:aws:kms:REGION:ACCOUNT:key/ID",
    "OPENSEARCH_SECRET_ARN, {\"password\":\"x\"},"
        + " arn:aws:secretsmanager:REGION:ACCOUNT:secret:ID"
  })
  void whatIsNoArnIsRefused(String key, String value, String form) {
    Map<String, String> wrong = Environments.onAws(environment);
    wrong.put(key, value);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsConfig.of(wrong))
        .withMessageEndingWith(": " + key + " must be an ARN, as in " + form);
  }

  @Test
  void everyProblemIsToldAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AwsConfig.of(Map.of("AWS_ENDPOINT_URL", "localhost", "RESTORE_SLOTS", "0")))
        .withMessage(
            "The environment is not as docs/configuration.md says: DEPLOYMENT_BUCKET is missing;"
                + " AWS_REGION is missing; TABLE_NAME is missing;"
                + " SEALING_KEY_ARN and SIGNING_KEY_ARN, or SEALING_KEY_FILE, are missing;"
                + " OPENSEARCH_ENDPOINT is missing;"
                + " AWS_ENDPOINT_URL must be the address of a service, as in https://host:port;"
                + " DEPLOYMENT_ID is missing; ADMIN_TOKEN_SHA256 is missing;"
                + " RESTORE_SLOTS must be a whole number from 1 to 100");
  }

  @ParameterizedTest
  @CsvSource({
    "DEPLOYMENT_BUCKET, Capitals, must start with the name of a general purpose bucket",
    "ARCHIVE_ACCESS_ROLE_ARN, archive-access, must be the ARN of a role",
    "AWS_ENDPOINT_URL_DYNAMODB, http://user:secret@host, must be the address of a service",
    "AWS_ENDPOINT_URL_SFN, http://:80, must be the address of a service",
    "OPENSEARCH_ENDPOINT, file:///etc/passwd, must be the address of a service",
    "ADMIN_TOKEN_SHA256, la_admin_secret, must be 64 lower-case hex digits",
    "SEALING_KEY_FILE, /nowhere/at/all, must name a file of 32 bytes in base64",
    "RESTORE_GB, 0, must be a number of GB above 0",
    "RESTORE_GB, 1e9, must be a number of GB above 0",
    "RESTORE_HOURS, 1.5, must be a whole number",
    "RESTORE_SLICE_RAW_BYTES, 99999999999, must be a whole number",
    "INGEST_EVENT_HOURS, -1, must be a whole number",
    "SEARCH_REQUESTS_PER_MINUTE, 0, must be a whole number from 1 to 1000000",
    "INGEST_BYTES_PER_SECOND, 50MB, must be a whole number from 1 to 2147483647",
    "SHARED_BUCKETS, yes, must be true or false",
    "OWN_ACCOUNT_ROLES, 1, must be true or false",
    "AUDIT_DAYS, 0, must be a whole number from 1 to 36500",
  })
  void aWrongValueIsRefusedWithItsRule(String key, String value, String rule) {
    Map<String, String> wrong = new HashMap<>(environment);
    wrong.put(key, value);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsConfig.of(wrong))
        .withMessageContaining(key + " " + rule)
        .withMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({"AWS_ACCESS_KEY_ID", "OPENSEARCH_PASSWORD"})
  void halfALoginIsRefused(String key) {
    Map<String, String> half = new HashMap<>(environment);
    half.remove(key);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsConfig.of(half))
        .withMessageContaining("go together, but one of them is missing");
  }

  @Test
  void aKeyOfAnotherLengthIsRefused(@TempDir Path folder) throws IOException {
    Map<String, String> wrong = new HashMap<>(environment);
    Path file = Files.writeString(folder.resolve("short"), "c2hvcnQ=");
    wrong.put("SEALING_KEY_FILE", file.toString());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsConfig.of(wrong))
        .withMessageContaining("SEALING_KEY_FILE must name a file of 32 bytes in base64");
  }

  @Test
  void noSecretShows() {
    assertThat(AwsConfig.of(environment).toString())
        .doesNotContain("temporary")
        .doesNotContain("password")
        .doesNotContain(Environments.SEALING_KEY);
  }

  @Test
  void everyKeyThatIsReadIsDocumentedAndNoOther() throws IOException {
    Set<String> read = new TreeSet<>();
    AwsConfig.of(new Recorded(environment, read));
    read.addAll(matches("getenv\\(\"([A-Z_]+)", LOG_WIRING));

    assertThat(matches("(?m)^\\| `([A-Z0-9_]+)`", DOCUMENT)).isEqualTo(read);
  }

  private static URI port(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static Set<String> matches(String regex, Path file) throws IOException {
    return Pattern.compile(regex)
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult match) -> match.group(1))
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
