package io.logarchive.infra.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The template, as Bicep's own compiler sees it, and what of it nothing else would notice. */
class BicepTest {
  private static final Logger LOG = LoggerFactory.getLogger(BicepTest.class);
  private static final Path TEMPLATE = Path.of("main.bicep");
  private static final Path SNAPSHOT = Path.of("main.snapshot.json");
  private static final Path CONFIG =
      Path.of("../../functions-azure/src/main/java/io/logarchive/functions/azure/AzureConfig.java");
  private static final Path COMMON =
      Path.of("../../shared-core/src/main/java/io/logarchive/service/ServiceConfig.java");

  /** What the functions read and no deployment on Azure sets, with the reason. */
  private static final Set<String> NOT_SET =
      Set.of(
          // The host sets them.
          "IDENTITY_ENDPOINT",
          "IDENTITY_HEADER",
          // For emulators and one machine.
          "AZURE_STORAGE_ACCOUNT",
          "AZURE_STORAGE_KEY",
          "AZURE_AUTHORITY_HOST",
          "AZURE_BLOB_ENDPOINT",
          "AWS_ENDPOINT_URL",
          "AWS_ENDPOINT_URL_S3",
          "SEALING_KEY_FILE");

  private static final Set<String> HOSTS =
      Set.of(
          "AzureWebJobsStorage__accountName",
          "AzureWebJobsStorage__credential",
          "AzureWebJobsStorage__clientId",
          "AzureWebJobsDisableHomepage",
          // An address and no key: what is sent there is signed by the identity.
          "APPLICATIONINSIGHTS_CONNECTION_STRING",
          "APPLICATIONINSIGHTS_AUTHENTICATION_STRING");

  /** What the snapshot has to hold, and how often. */
  private record Fact(String what, String text, int times) {
    boolean holds(String snapshot) {
      return Pattern.compile(text, Pattern.LITERAL).matcher(snapshot).results().count() == times;
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static List<Fact> facts() {
    return List.of(
        new Fact("Flex Consumption", "\"name\": \"FC1\"", 1),
        new Fact("Java 21", "\"version\": \"21\"", 1),
        new Fact("https only", "\"httpsOnly\": true", 1),
        new Fact("TLS 1.2 of the app", "\"minTlsVersion\": \"1.2\"", 1),
        new Fact("TLS 1.2 of both accounts", "\"minimumTlsVersion\": \"TLS1_2\"", 2),
        new Fact("no key opens an account", "\"allowSharedKeyAccess\": false", 2),
        new Fact("no blob is public", "\"allowBlobPublicAccess\": false", 2),
        new Fact("roles alone open the vault", "\"enableRbacAuthorization\": true", 1),
        new Fact("the vault's keys are not lost", "\"enablePurgeProtection\": true", 1),
        new Fact("the identity reads the login", "\"keyVaultReferenceIdentity\":", 1),
        new Fact("the login is in the vault", "@Microsoft.KeyVault(SecretUri=", 2),
        new Fact(
            "the queue of restore requests",
            "\"type\": \"Microsoft.Storage/storageAccounts/queueServices/queues\"",
            1),
        new Fact("nine alerts", "\"type\": \"Microsoft.Insights/metricAlerts\"", 9),
        // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
        role("Storage Table Data Contributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", 2),
        role("Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", 1),
        role("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", 1),
        role("Storage Queue Data Contributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", 1),
        role("Key Vault Crypto User", "12338af0-0e69-4776-bea7-57ae8d297424", 2),
        role("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", 2),
        role("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb", 1),
        new Fact("no role besides", "\"type\": \"Microsoft.Authorization/roleAssignments\"", 10));
  }

  private static Fact role(String name, String id, int times) {
    return new Fact(
        name,
        "\"roleDefinitionId\": \"[subscriptionResourceId(subscription().subscriptionId,"
            + " 'Microsoft.Authorization/roleDefinitions', '"
            + id
            + "')]\"",
        times);
  }

  @ParameterizedTest
  @MethodSource("facts")
  void whatTheCompilerDoesNotCheckIsAsItHasToBe(Fact fact) throws IOException {
    String snapshot = snapshot();

    assertThat(fact.holds(snapshot)).isTrue();
    assertThat(fact.holds(snapshot.replaceFirst(Pattern.quote(fact.text()), "other"))).isFalse();
  }

  @Test
  void everySettingIsReadAndEverythingReadIsSet() throws IOException {
    Set<String> read = keys(CONFIG);
    read.addAll(keys(COMMON));
    read.add("LOG_LEVEL");
    Set<String> expected = new TreeSet<>(read);
    expected.removeAll(NOT_SET);
    expected.addAll(HOSTS);

    assertThat(settings()).isEqualTo(expected);
    assertThat(read).containsAll(NOT_SET);
  }

  @Test
  void theCompilerHasNothingToSay(@TempDir Path folder) throws Exception {
    assertThat(lint(TEMPLATE)).isEmpty();

    Path changed = copy(folder);
    Path app = changed.resolve("modules/app.bicep");
    Files.writeString(app, Files.readString(app).replace("httpsOnly: true", "onlyHttps: true"));
    assertThat(lint(changed.resolve("main.bicep"))).isNotEmpty();
  }

  @Test
  void whatWouldBeMadeIsWhatWasReviewed(@TempDir Path folder) throws Exception {
    assertThat(validate(Path.of("main.bicepparam"))).isZero();

    Path changed = copy(folder);
    Path data = changed.resolve("modules/data.bicep");
    Files.writeString(
        data,
        Files.readString(data)
            .replace("allowSharedKeyAccess: false", "allowSharedKeyAccess: true"));
    assertThat(validate(changed.resolve("main.bicepparam"))).isNotZero();
  }

  private static Set<String> settings() throws IOException {
    JsonValue.Array resources =
        (JsonValue.Array)
            Json.object(snapshot().getBytes(UTF_8)).member("predictedResources").orElseThrow();
    return resources.values().stream()
        .map(resource -> Fields.of((JsonObject) resource))
        .filter(resource -> resource.requiredText("type").equals("Microsoft.Web/sites/config"))
        .flatMap(
            resource -> resource.requiredObject("properties").object().members().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> keys(Path source) throws IOException {
    return Pattern.compile("\"([A-Z0-9]+(?:_[A-Z0-9]+)+)\"")
        .matcher(Files.readString(source))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String snapshot() throws IOException {
    return Files.readString(SNAPSHOT);
  }

  private static List<JsonValue> lint(Path template) throws Exception {
    Process bicep = bicep("lint", template.toString(), "--diagnostics-format", "sarif");
    JsonObject sarif = Json.object(bicep.getInputStream().readAllBytes());
    bicep.waitFor();
    JsonValue.Array runs = (JsonValue.Array) sarif.member("runs").orElseThrow();
    JsonObject run = (JsonObject) runs.values().getFirst();
    return ((JsonValue.Array) run.member("results").orElseThrow()).values();
  }

  private static int validate(Path parameters) throws Exception {
    Process bicep = bicep("snapshot", parameters.toString(), "--mode", "validate");
    String said = new String(bicep.getInputStream().readAllBytes(), UTF_8);
    int code = bicep.waitFor();
    LOG.debug("{}", said);
    return code;
  }

  private static Process bicep(String... arguments) throws IOException {
    boolean installed =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "bicep")));
    if (!installed) {
      LOG.warn("Skipped: the template is not compiled; there is no bicep on the PATH");
    }
    assumeTrue(installed, "there is no bicep on the PATH");
    List<String> command = new ArrayList<>(List.of("bicep"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(false);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    return builder.start();
  }

  private static Path copy(Path folder) throws IOException {
    for (Path from : List.of(Path.of("."), Path.of("modules"))) {
      Path to = Files.createDirectories(folder.resolve(from));
      try (Stream<Path> files = Files.list(from)) {
        files
            .filter(file -> file.getFileName().toString().matches("main\\..*|.*\\.bicep"))
            .forEach(file -> copy(file, to));
      }
    }
    return folder;
  }

  private static void copy(Path file, Path folder) {
    try {
      Files.copy(file, folder.resolve(file.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
