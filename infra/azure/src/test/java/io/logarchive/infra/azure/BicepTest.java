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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
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
  private static final Path DOMAIN_SNAPSHOT = Path.of("domain.snapshot.json");
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
          "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
          // An address and no key: what is sent there is signed by the identity.
          "APPLICATIONINSIGHTS_CONNECTION_STRING",
          "APPLICATIONINSIGHTS_AUTHENTICATION_STRING");

  private static final String SITE = "Microsoft.Web/sites";
  private static final String STORAGE = "Microsoft.Storage/storageAccounts";
  private static final String CONTAINER =
      "Microsoft.Storage/storageAccounts/blobServices/containers";
  private static final String VAULT = "Microsoft.KeyVault/vaults";
  private static final String KEY = "Microsoft.KeyVault/vaults/keys";
  private static final String SECRET = "Microsoft.KeyVault/vaults/secrets";
  private static final String WORKSPACE = "Microsoft.OperationalInsights/workspaces";
  private static final String RULE = "Microsoft.Insights/dataCollectionRules";
  private static final String ROLE = "Microsoft.Authorization/roleDefinitions";
  private static final String GROUP =
      "[resourceId(subscription().subscriptionId, resourceGroup().name,"
          + " 'Microsoft.Insights/actionGroups', 'logarchive-alerts')]";

  /**
   * What all resources of a type have at a path, and a change of the template that breaks it.
   *
   * @param values sorted, one for each resource, or for each element where the path leads through
   *     an array
   */
  private record Fact(
      String type, String path, List<String> values, String file, String from, String to) {
    boolean holds(List<JsonObject> resources) {
      return resources.stream()
          .filter(resource -> is(resource, type))
          .flatMap(resource -> at(resource, path))
          .sorted()
          .toList()
          .equals(values);
    }

    @Override
    public String toString() {
      return type + " " + path;
    }
  }

  private static Fact fact(
      String type, String path, String value, String file, String from, String to) {
    return new Fact(type, path, List.of(value), file, from, to);
  }

  private static Fact twice(String type, String path, String value, String file, String to) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    String from = name + ": " + (value.matches("true|false|\\d+") ? value : "'" + value + "'");
    return new Fact(type, path, List.of(value, value), file, from, name + ": " + to);
  }

  static List<Fact> facts() {
    return List.of(
        fact("Microsoft.Web/serverfarms", "sku.name", "FC1", "app", "'FC1'", "'EP1'"),
        fact(
            SITE,
            "properties.functionAppConfig.runtime.version",
            "21",
            "app",
            "version: '21'",
            "version: '17'"),
        fact(SITE, "properties.httpsOnly", "true", "app", "httpsOnly: true", "httpsOnly: false"),
        fact(
            SITE,
            "properties.siteConfig.minTlsVersion",
            "1.2",
            "app",
            " minTlsVersion: '1.2'",
            " minTlsVersion: '1.0'"),
        fact(
            SITE,
            "properties.siteConfig.scmMinTlsVersion",
            "1.2",
            "app",
            "scmMinTlsVersion: '1.2'",
            "scmMinTlsVersion: '1.0'"),
        fact(
            SITE,
            "properties.siteConfig.ftpsState",
            "Disabled",
            "app",
            "ftpsState: 'Disabled'",
            "ftpsState: 'AllAllowed'"),
        fact(
            SITE,
            "properties.siteScopedCertificatesEnabled",
            "true",
            "app",
            "siteScopedCertificatesEnabled: true",
            "siteScopedCertificatesEnabled: false"),
        fact(
            SITE,
            "properties.keyVaultReferenceIdentity",
            "[resourceId(subscription().subscriptionId, resourceGroup().name,"
                + " 'Microsoft.ManagedIdentity/userAssignedIdentities', 'logarchive-functions')]",
            "app",
            "keyVaultReferenceIdentity: identityId",
            "keyVaultReferenceIdentity: 'SystemAssigned'"),
        new Fact(
            "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
            "properties.allow",
            List.of("false", "false"),
            "app",
            "allow: false",
            "allow: true"),
        new Fact(
            STORAGE,
            "sku.name",
            List.of("Standard_LRS", "Standard_ZRS"),
            "data",
            "'Standard_ZRS'",
            "'Premium_LRS'"),
        twice(STORAGE, "properties.minimumTlsVersion", "TLS1_2", "host", "'TLS1_0'"),
        twice(STORAGE, "properties.allowSharedKeyAccess", "false", "data", "true"),
        twice(STORAGE, "properties.allowBlobPublicAccess", "false", "host", "true"),
        twice(STORAGE, "properties.supportsHttpsTrafficOnly", "true", "data", "false"),
        twice(STORAGE, "properties.allowCrossTenantReplication", "false", "host", "true"),
        twice(CONTAINER, "properties.publicAccess", "None", "host", "'Container'"),
        fact(
            "Microsoft.Authorization/locks",
            "properties.level",
            "CanNotDelete",
            "data",
            "'CanNotDelete'",
            "'ReadOnly'"),
        fact(
            VAULT,
            "properties.enableRbacAuthorization",
            "true",
            "vault",
            "enableRbacAuthorization: true",
            "enableRbacAuthorization: false"),
        fact(
            VAULT,
            "properties.enablePurgeProtection",
            "true",
            "vault",
            "enablePurgeProtection: true",
            "enablePurgeProtection: false"),
        fact(
            VAULT,
            "properties.softDeleteRetentionInDays",
            "90",
            "vault",
            "softDeleteRetentionInDays: 90",
            "softDeleteRetentionInDays: 7"),
        new Fact(
            KEY,
            "properties.keyOps",
            List.of("sign", "unwrapKey", "wrapKey"),
            "vault",
            "keyOps: ['sign']",
            "keyOps: ['sign', 'decrypt']"),
        twice(KEY, "properties.attributes.exportable", "false", "vault", "true"),
        twice(KEY, "properties.keySize", "3072", "vault", "2048"),
        new Fact(
            ROLE,
            "properties.permissions.dataActions",
            List.of("Microsoft.KeyVault/vaults/keys/read", VAULT + "/keys/sign/action"),
            "vault",
            "'Microsoft.KeyVault/vaults/keys/sign/action'",
            "'Microsoft.KeyVault/vaults/keys/*'"),
        new Fact(
            ROLE,
            "properties.permissions.actions",
            List.of(),
            "vault",
            " actions: []",
            " actions: ['*']"),
        new Fact(
            WORKSPACE,
            "name",
            List.of("logarchive-telemetry", "logarchive-telemetry"),
            "workspace",
            "'${name}-telemetry'",
            "name"),
        new Fact(
            WORKSPACE,
            "properties.workspaceCapping.dailyQuotaGb",
            List.of("1", "1"),
            "workspace",
            "dailyQuotaGb: gbPerDay",
            "dailyQuotaGb: -1"),
        twice(WORKSPACE, "properties.features.disableLocalAuth", "true", "workspace", "false"),
        fact(
            "Microsoft.Insights/components",
            "properties.DisableLocalAuth",
            "true",
            "telemetry",
            "DisableLocalAuth: true",
            "DisableLocalAuth: false"),
        fact(
            RULE,
            "properties.dataFlows.streams",
            "Microsoft-Table-AppRequests",
            "telemetry",
            "'Microsoft-Table-AppRequests'",
            "'Microsoft-Table-AppTraces'"),
        fact(
            RULE,
            "properties.dataFlows.transformKql",
            "source | extend Url = tostring(split(Url, \"?\")[0]), Name = tostring(split(Name,"
                + " \"?\")[0])",
            "telemetry",
            "tostring(split(Url, \"?\")[0])",
            "tostring(Url)"),
        fact(
            "Microsoft.Insights/actionGroups",
            "properties.emailReceivers.emailAddress",
            "ops@example.com",
            "alerts",
            "emailAddress: email",
            "emailAddress: name"),
        new Fact(
            "Microsoft.Insights/metricAlerts",
            "properties.enabled",
            Collections.nCopies(8, "true"),
            "alerts",
            "enabled: true\n      autoMitigate: true\n      scopes: [alert.scope]",
            "enabled: false\n      autoMitigate: true\n      scopes: [alert.scope]"),
        new Fact(
            "Microsoft.Insights/metricAlerts",
            "properties.actions.actionGroupId",
            Collections.nCopies(8, GROUP),
            "alerts",
            "actions: [{ actionGroupId: group.id }]",
            "actions: []"),
        new Fact(
            "Microsoft.Insights/scheduledQueryRules",
            "properties.enabled",
            Collections.nCopies(15, "true"),
            "alerts",
            "enabled: true\n      autoMitigate: true\n      scopes: [workspaceId]",
            "enabled: false\n      autoMitigate: true\n      scopes: [workspaceId]"),
        new Fact(
            "Microsoft.Insights/scheduledQueryRules",
            "properties.actions.actionGroups",
            Collections.nCopies(15, GROUP),
            "alerts",
            "actions: { actionGroups: [group.id] }",
            "actions: { actionGroups: [] }"));
  }

  /**
   * Who the functions may be to what; no role besides.
   * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
   */
  private static final List<String> ROLES =
      List.of(
          "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 Storage Table Data Contributor: "
              + STORAGE
              + " {0}host{1}",
          "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 Storage Table Data Contributor: "
              + STORAGE
              + "/tableServices/tables {0}data{1}",
          "3913510d-42f4-4e42-8a64-420c390055eb Monitoring Metrics Publisher:"
              + " Microsoft.Insights/components ",
          "4633458b-17de-408a-b874-0445c86b69e6 Key Vault Secrets User: "
              + SECRET
              + " opensearch-password",
          "4633458b-17de-408a-b874-0445c86b69e6 Key Vault Secrets User: "
              + SECRET
              + " opensearch-username",
          "974c5e8b-45b9-4653-ba55-5f855dd0fb88 Storage Queue Data Contributor: "
              + STORAGE
              + " {0}host{1}",
          "b7e6dc6d-f1e8-4753-8033-0f276bb0955b Storage Blob Data Owner: "
              + STORAGE
              + " {0}host{1}",
          "ba92f5b4-2d11-453d-a403-e96b0029c9fe Storage Blob Data Contributor: "
              + CONTAINER
              + " plans",
          "e147488a-f6f5-4113-8e2d-b22465e65bf6 Key Vault Crypto Service Encryption User: "
              + KEY
              + " sealing",
          "of its own: " + KEY + " signing");

  /** Changes of the template that give more than {@link #ROLES}, by file. */
  private static final Map<String, List<String>> MORE_RIGHTS =
      Map.of(
          "data", List.of("scope: storage::tables::table\n", "scope: storage\n"),
          "host", List.of("'974c5e8b-45b9", "'974c5e8c-45b9"),
          "vault", List.of("scope: keyVault::signing\n", "scope: keyVault::sealing\n"));

  private static final Pattern SCOPE =
      Pattern.compile(
          "\\[if\\(equals\\(resourceId\\(subscription\\(\\)\\.subscriptionId,"
              + " resourceGroup\\(\\)\\.name, '([^']+)', (.*?)\\), '/'\\), tenantResourceId.*");
  private static final Pattern OWN_NAMES =
      Pattern.compile("'(sealing|signing|opensearch-[a-z]+|plans|\\{0}(?:host|data)\\{1})'");
  private static final Pattern BUILT_IN =
      Pattern.compile(
          "\\[subscriptionResourceId\\(subscription\\(\\)\\.subscriptionId,"
              + " 'Microsoft.Authorization/roleDefinitions', '([0-9a-f-]{36})'\\)]");

  @ParameterizedTest
  @MethodSource("facts")
  void whatTheCompilerDoesNotCheckIsAsItHasToBe(Fact fact) throws IOException {
    assertThat(fact.holds(resources(SNAPSHOT))).isTrue();
  }

  @Test
  void eachOfTheseWouldBeSeenToBreak(@TempDir Path folder) throws Exception {
    Path changed = copy(folder);
    for (Fact fact : facts()) {
      replace(changed.resolve("modules").resolve(fact.file() + ".bicep"), fact.from(), fact.to());
    }
    for (Map.Entry<String, List<String>> right : MORE_RIGHTS.entrySet()) {
      replace(
          changed.resolve("modules").resolve(right.getKey() + ".bicep"),
          right.getValue().getFirst(),
          right.getValue().getLast());
    }
    assertThat(snapshot(changed.resolve("main.bicepparam"), "overwrite")).isZero();
    List<JsonObject> broken = resources(changed.resolve("main.snapshot.json"));

    assertThat(facts()).noneMatch(fact -> fact.holds(broken));
    assertThat(roles(broken)).hasSameSizeAs(ROLES);
    assertThat(roles(broken).stream().filter(role -> !isOneOf(ROLES, role))).hasSize(3);
  }

  @Test
  void theFunctionsMayDoWhatTheyNeedAndNoMore() throws IOException {
    List<String> roles = roles(resources(SNAPSHOT));

    assertThat(roles).hasSameSizeAs(ROLES);
    for (int i = 0; i < ROLES.size(); i++) {
      assertThat(isOneOf(List.of(ROLES.get(i)), roles.get(i))).as(roles.get(i)).isTrue();
    }
  }

  private static boolean isOneOf(List<String> expected, String role) {
    return expected.stream()
        .map(each -> each.replaceFirst("^([0-9a-f-]{36})[^:]*", "$1"))
        .anyMatch(role::equals);
  }

  /** Each assignment as "role: type name", sorted. */
  private static List<String> roles(List<JsonObject> resources) {
    return resources.stream()
        .filter(resource -> is(resource, "Microsoft.Authorization/roleAssignments"))
        .map(
            resource -> {
              Matcher scope = SCOPE.matcher(text(resource, "id"));
              assertThat(scope.matches()).isTrue();
              Matcher role = BUILT_IN.matcher(text(resource, "properties.roleDefinitionId"));
              String name = "";
              Matcher names = OWN_NAMES.matcher(scope.group(2));
              while (names.find()) {
                name = names.group(1);
              }
              return (role.matches() ? role.group(1) : "of its own")
                  + ": "
                  + scope.group(1)
                  + " "
                  + name;
            })
        .sorted()
        .toList();
  }

  @Test
  void requestsForRestoresHaveTheirQueueAndTheLoginIsInTheVault() throws IOException {
    List<JsonObject> resources = resources(SNAPSHOT);

    assertThat(
            resources.stream()
                .filter(resource -> is(resource, STORAGE + "/queueServices/queues"))
                .map(resource -> text(resource, "name")))
        .singleElement()
        .asString()
        .endsWith("'default', 'restore-requests')]");
    JsonObject settings =
        resources.stream()
            .filter(resource -> is(resource, "Microsoft.Web/sites/config"))
            .findFirst()
            .orElseThrow();
    for (String login : List.of("OPENSEARCH_USERNAME", "OPENSEARCH_PASSWORD")) {
      assertThat(text(settings, "properties." + login))
          .startsWith("[format('@Microsoft.KeyVault(SecretUri={0})', reference(");
    }
  }

  @Test
  void aDomainNameIsServedWithItsCertificateAndNobodyHasToGetAlerts() throws IOException {
    List<JsonObject> resources = resources(DOMAIN_SNAPSHOT);

    JsonObject binding =
        resources.stream()
            .filter(resource -> is(resource, "Microsoft.Web/sites/hostNameBindings"))
            .findFirst()
            .orElseThrow();
    assertThat(text(binding, "name")).endsWith("'logs.example.com')]");
    assertThat(text(binding, "properties.sslState")).isEqualTo("SniEnabled");
    assertThat(text(binding, "properties.thumbprint"))
        .contains("'Microsoft.Web/sites/certificates'", "'logs-example-com'")
        .endsWith(").thumbprint]");
    assertThat(
            resources.stream()
                .filter(resource -> is(resource, "Microsoft.Insights/actionGroups"))
                .flatMap(resource -> at(resource, "properties.emailReceivers")))
        .isEmpty();
    assertThat(resources(SNAPSHOT))
        .noneMatch(resource -> is(resource, "Microsoft.Web/sites/hostNameBindings"));
  }

  @Test
  void aDomainNameWithoutItsCertificateIsRefused(@TempDir Path folder) throws Exception {
    Path changed = copy(folder);
    replace(
        changed.resolve("domain.bicepparam"), "param certificateName = 'logs-example-com'\n", "");

    assertThat(snapshot(changed.resolve("domain.bicepparam"), "overwrite")).isNotZero();
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
    assertThat(snapshot(Path.of("main.bicepparam"), "validate")).isZero();
    assertThat(snapshot(Path.of("domain.bicepparam"), "validate")).isZero();

    Path changed = copy(folder);
    replace(
        changed.resolve("modules/data.bicep"),
        "allowSharedKeyAccess: false",
        "allowSharedKeyAccess: true");
    assertThat(snapshot(changed.resolve("main.bicepparam"), "validate")).isNotZero();
  }

  private static Set<String> settings() throws IOException {
    return resources(SNAPSHOT).stream()
        .filter(resource -> is(resource, "Microsoft.Web/sites/config"))
        .flatMap(
            resource ->
                Fields.of(resource)
                    .requiredObject("properties")
                    .object()
                    .members()
                    .keySet()
                    .stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<JsonObject> resources(Path snapshot) throws IOException {
    JsonValue.Array resources =
        (JsonValue.Array)
            Json.object(Files.readAllBytes(snapshot)).member("predictedResources").orElseThrow();
    return resources.values().stream().map(JsonObject.class::cast).toList();
  }

  private static boolean is(JsonObject resource, String type) {
    return text(resource, "type").equals(type);
  }

  private static String text(JsonObject resource, String path) {
    return at(resource, path).findFirst().orElseThrow();
  }

  /** What is at a path, as text; each of them where it leads through an array. */
  private static Stream<String> at(JsonValue value, String path) {
    if (value instanceof JsonValue.Array array) {
      return array.values().stream().flatMap(each -> at(each, path));
    }
    if (path.isEmpty()) {
      return Stream.of(value instanceof JsonValue.Text text ? text.value() : Json.text(value));
    }
    if (!(value instanceof JsonObject object)) {
      return Stream.empty();
    }
    int dot = path.indexOf('.');
    String rest = dot < 0 ? "" : path.substring(dot + 1);
    return object.member(dot < 0 ? path : path.substring(0, dot)).stream()
        .flatMap(member -> at(member, rest));
  }

  private static void replace(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
  }

  private static Set<String> keys(Path source) throws IOException {
    return Pattern.compile("\"([A-Z0-9]+(?:_[A-Z0-9]+)+)\"")
        .matcher(Files.readString(source))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<JsonValue> lint(Path template) throws Exception {
    Process bicep = bicep("lint", template.toString(), "--diagnostics-format", "sarif");
    JsonObject sarif = Json.object(bicep.getInputStream().readAllBytes());
    bicep.waitFor();
    JsonValue.Array runs = (JsonValue.Array) sarif.member("runs").orElseThrow();
    JsonObject run = (JsonObject) runs.values().getFirst();
    return ((JsonValue.Array) run.member("results").orElseThrow()).values();
  }

  private static int snapshot(Path parameters, String mode) throws Exception {
    Process bicep = bicep("snapshot", parameters.toString(), "--mode", mode);
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
            .filter(file -> file.getFileName().toString().matches("(main|domain)\\..*|.*\\.bicep"))
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
