package io.logarchive.infra.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code deploy} and {@code remove} with a stand-in for the Azure CLI, which writes down what it is
 * asked and what the file of parameters holds.
 */
class ScriptsTest {
  private static final String AZ =
      """
      #!/usr/bin/env bash
      echo "$*" >> "$CALLS"
      if [ -n "$FAILING" ] && [[ $* == "$FAILING"* ]]; then
        echo "ERROR: planted" >&2
        exit 1
      fi
      case "$*" in
        "account show"*) echo Pay-as-you-go ;;
        "group exists"*) echo "$GROUP" ;;
        "group show"*) printf 'westeurope\\n%s\\n' "$OWNER" ;;
        "functionapp list"*) echo "$APP" ;;
        "deployment group list"*) echo "$LAST" ;;
        "deployment group show"*)
          printf '%s\\t' name location adminTokenSha256 openSearchPassword deploymentId restoreSlots tags alertEmail gone hostName certificateName
          printf '\\n'
          printf '["%s"]\\t' logs westeurope "$(printf '%064d' 9)"
          printf '%s\\t' '[null]' '["first"]' '[7]' '[{"team":"a b"}]' '["ops@example.com"]' '["x"]' '["logs.example.com"]' '["logs-cert"]'
          printf '\\n' ;;
        "keyvault list-deleted"*) [ -z "$DELETED" ] || printf '%s\\t%s\\n' "$DELETED" "$DELETED_IN" ;;
        "resource list"*scrubbing*) echo "$RULE" ;;
        "resource list"*"[].id"*) echo "/ids/$(sed 's/.*--resource-type \\([^ ]*\\) .*/\\1/' <<< "$*")" ;;
        "resource list"*) printf 'Microsoft.Web/sites\\tlogs-app\\n' ;;
        "functionapp plan list"*) echo logs-plan ;;
        "storage account list"*) echo logshost1 ;;
        "monitor log-analytics workspace list"*) echo logs-telemetry ;;
        "role definition list"*) echo 0a1b ;;
        "role assignment list"*) echo /assignments/1 ;;
        "lock list"*) echo /locks/data ;;
        "rest --method get"*) printf 'OPENSEARCH_USERNAME\\tResolved\\nOPENSEARCH_PASSWORD\\t%s\\n' "$STATE" ;;
        "deployment group create"*)
          for word in "$@"; do
            case $word in
              @*) cp "${word#@}" "$PARAMETERS"; stat -c %a "${word#@}" >> "$PARAMETERS" ;;
            esac
          done
          printf 'https://logs-app.example\\thttps://logs-app.example/\\tlogs-app\\n' ;;
      esac
      """;

  /** What there is after a deployment. */
  private static final Map<String, String> THERE =
      Map.of("GROUP", "true", "OWNER", "logs", "APP", "logs-app", "LAST", "logs");

  private final Path folder;
  private final Path bin;
  private final Path calls;
  private final Path home;
  private final Path parameters;

  private record Run(int exitCode, String out) {}

  ScriptsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.calls = Files.createFile(folder.resolve("calls"));
    this.parameters = folder.resolve("parameters");
    this.bin = Files.createDirectory(folder.resolve("bin"));
    executable(Files.writeString(bin.resolve("az"), AZ));
    executable(
        Files.writeString(
            bin.resolve("mvn"), "#!/bin/sh\necho \"mvn $*\" >> \"$CALLS\"\nexit ${MVN:-0}\n"));
    executable(
        Files.writeString(
            bin.resolve("curl"), "#!/bin/sh\necho \"curl $*\" >> \"$CALLS\"\nexit ${CURL:-0}\n"));
    executable(Files.writeString(bin.resolve("sleep"), "#!/bin/sh\n"));
    home = folder.resolve("home");
    Path scripts = Files.createDirectories(home.resolve("infra/azure"));
    for (String file : List.of("deploy", "remove", "common.sh", "main.bicep")) {
      Files.copy(Path.of(file), scripts.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    executable(
        Files.writeString(
            home.resolve("logarchive"),
            "#!/bin/sh\nprintf 'Token:\\n  la_admin_made\\n\\nIts SHA-256:\\n  %064d\\n' 7\n"));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aDomainNameIsNotKeptOnceTheAppWentWithItsCertificate() throws Exception {
    Map<String, String> withoutApp = new HashMap<>(THERE);
    withoutApp.put("APP", "");

    Run run = run("", withoutApp, "deploy", "logs", "westeurope");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("hostName \"logs.example.com\" is not kept", "certificateName \"logs-cert\"")
        .contains("'A domain name'");
    assertThat(Files.readString(parameters))
        .contains("\"deploymentId\": {\"value\": \"first\"}")
        .doesNotContain("hostName", "certificateName");
  }

  @Test
  void aNewDeploymentIsMadeBuiltAndLookedAt() throws Exception {
    Run run = run("", Map.of(), "deploy", "logs", "West Europe", "--parameter", "restoreSlots=7");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("la_admin_made", "ApiUrl     https://logs-app.example")
        .contains("OctetsUrl  https://logs-app.example/octets");
    List<String> made = Files.readAllLines(calls);
    assertThat(made)
        .contains(
            "group create --name logs --location westeurope --tags logarchive:deployment=logs --output none")
        .anyMatch(
            call ->
                call.startsWith("mvn ")
                    && call.endsWith("-pl functions-azure -am -Dmaven.test.skip=true package"))
        .anyMatch(
            call ->
                call.startsWith("deployment group create")
                    && call.contains("--parameters restoreSlots=7"))
        .anyMatch(
            call ->
                call.startsWith("functionapp deployment source config-zip")
                    && call.contains("--name logs-app"));
    assertThat(made.getLast())
        .isEqualTo("curl -fsS --max-time 30 https://logs-app.example/healthz");
    assertThat(String.join("\n", made)).doesNotContain("planted-password", "la_admin_made");
    assertThat(Files.readString(parameters))
        .contains("\"scrubbing\": {\"value\": \"new\"}", "7\"}")
        .contains("\"openSearchPassword\": {\"value\": \"planted-password\\\"\\\\\"}}}")
        .endsWith("600\n");
  }

  @Test
  void anUpdateKeepsTheTokenTheRuleAndTheVault() throws Exception {
    Map<String, String> there = new HashMap<>(THERE);
    there.put("RULE", "logs-scrubbing");
    there.put("DELETED", "logs-v");
    Run run = run("", there, "deploy", "logs", "westeurope");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).doesNotContain("la_admin");
    assertThat(Files.readString(parameters))
        .contains("\"scrubbing\": {\"value\": \"existing\"}", "0009\"}");
    assertThat(Files.readString(calls))
        .contains("keyvault recover --name logs-v --location westeurope")
        .doesNotContain("group create --name logs --location");
  }

  @Test
  void anUpdateKeepsTheParametersThatAreNotGiven() throws Exception {
    Run run =
        run(
            "",
            THERE,
            "deploy",
            "logs",
            "westeurope",
            "--parameter",
            "restoreSlots=9",
            "--default",
            "alertEmail");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(Files.readString(calls)).contains("--parameters restoreSlots=9");
    assertThat(Files.readString(parameters))
        .contains("\"deploymentId\": {\"value\": \"first\"},\n")
        .contains("\"hostName\": {\"value\": \"logs.example.com\"},\n")
        .contains("\"certificateName\": {\"value\": \"logs-cert\"},\n")
        .contains("\"tags\": {\"value\": {\"team\":\"a b\"}},\n")
        .containsOnlyOnce("\"name\":")
        .containsOnlyOnce("\"openSearchPassword\":")
        .doesNotContain("restoreSlots", "alertEmail", "\"gone\"", "null");
  }

  @Test
  void anUpdateWhoseParametersAreForgottenAsksForThem() throws Exception {
    Map<String, String> forgotten = new HashMap<>(THERE);
    forgotten.put("LAST", "");
    String[] call = {"logs", "westeurope", "--parameter", "deploymentId=first"};

    for (Run run :
        List.of(
            run("", forgotten, "deploy", call),
            run("", with(forgotten, "LOGARCHIVE_ADMIN_TOKEN", "t"), "deploy", call[0], call[1]))) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).contains("has forgotten the deployment", "deploymentId among them");
    }
    assertThat(Files.readString(calls)).doesNotContain("create");

    Run given = run("", with(forgotten, "LOGARCHIVE_ADMIN_TOKEN", "t"), "deploy", call);
    assertThat(given.exitCode()).as(given.out()).isZero();
  }

  @Test
  void whatKeepDataLeftIsTakenUpWithItsParameters() throws Exception {
    Run run = run("", with(THERE, "APP", ""), "deploy", "logs", "westeurope");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).doesNotContain("la_admin");
    assertThat(Files.readString(parameters)).contains("\"deploymentId\": {\"value\": \"first\"}");
  }

  @Test
  void anotherLocationIsRefusedBeforeAnythingIsMade() throws Exception {
    Run moved = run("", THERE, "deploy", "logs", "northeurope");
    assertThat(moved.exitCode()).isEqualTo(1);
    assertThat(moved.out()).contains("is in westeurope, and cannot be moved to northeurope");

    Run vault =
        run(
            "",
            Map.of("DELETED", "logs-v", "DELETED_IN", "East US"),
            "deploy",
            "logs",
            "northeurope");
    assertThat(vault.exitCode()).isEqualTo(1);
    assertThat(vault.out()).contains("left its vault logs-v in East US");

    assertThat(Files.readString(calls)).doesNotContain("create", "recover", "mvn");
  }

  @Test
  void thePackageIsBuiltUnlessItIsThere() throws Exception {
    Run absent = run("", Map.of(), "deploy", "logs", "westeurope", "--no-build");
    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.out()).contains("functions-azure.zip: deploy without --no-build");

    Path target = Files.createDirectories(home.resolve("functions-azure/target"));
    Files.createFile(target.resolve("functions-azure.zip"));
    Run there = run("", Map.of(), "deploy", "logs", "westeurope", "--no-build");
    assertThat(there.exitCode()).as(there.out()).isZero();
    assertThat(Files.readString(calls)).doesNotContain("mvn");

    assertThat(run("", Map.of(), "deploy", "logs", "westeurope").exitCode()).isZero();
    assertThat(Files.readString(calls)).contains("mvn");

    Run broken = run("", Map.of("MVN", "1"), "deploy", "logs", "westeurope");
    assertThat(broken.exitCode()).isEqualTo(1);
  }

  @Test
  void noFunctionIsStartedBeforeTheHostMayReadTheLogin() throws Exception {
    Run run = run("", Map.of(), "deploy", "logs", "westeurope");
    assertThat(run.exitCode()).as(run.out()).isZero();
    String references =
        "/subscriptions/{subscriptionId}/resourceGroups/logs/providers/Microsoft.Web/sites/logs-app"
            + "/config/configreferences/appsettings";
    assertThat(
            Files.readAllLines(calls).stream()
                .map(call -> call.replaceFirst(" --(query|src) .*", "")))
        .containsSubsequence(
            "rest --method post --url "
                + references
                + "/refresh?api-version=2022-03-01 --output none",
            "rest --method get --url " + references + "?api-version=2022-03-01",
            "functionapp deployment source config-zip --resource-group logs --name logs-app");

    Files.writeString(calls, "");
    Run denied = run("", Map.of("STATE", "AccessToKeyVaultDenied"), "deploy", "logs", "westeurope");
    assertThat(denied.exitCode()).isEqualTo(1);
    assertThat(denied.out())
        .contains("cannot read the login", "OPENSEARCH_PASSWORD\tAccessToKeyVaultDenied");
    assertThat(Files.readAllLines(calls))
        .noneMatch(call -> call.contains("config-zip"))
        .filteredOn(call -> call.startsWith("rest --method post"))
        .hasSize(40);
  }

  @Test
  void aPackageThatIsNotTakenIsTriedAgainAndThenTold() throws Exception {
    Run run = run("", Map.of("FAILING", "functionapp deployment"), "deploy", "logs", "westeurope");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("the package could not be deployed", "again in ten minutes");
    assertThat(Files.readAllLines(calls))
        .noneMatch(call -> call.startsWith("curl"))
        .filteredOn(call -> call.contains("config-zip"))
        .hasSize(5);
  }

  @Test
  void aServiceThatNeverAnswersIsToldWithWhereToLook() throws Exception {
    Run run = run("", Map.of("CURL", "22"), "deploy", "logs", "westeurope");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("/healthz does not answer", "'http-5xx'");
    assertThat(run.out()).doesNotContain("ApiUrl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Logs", "lo", "logs-1", "1logs", "logarchives1"})
  void aNameThatIsNoneIsRefusedBeforeAnythingIsAsked(String name) throws Exception {
    for (Run run :
        List.of(
            run("", Map.of(), "deploy", name, "westeurope"),
            run("", Map.of(), "remove", name, "--all", "--yes"))) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).contains("3 to 10 lower-case letters and digits", "'" + name + "'");
    }
    assertThat(Files.readAllLines(calls)).isEmpty();
  }

  @Test
  void anotherGroupIsLeftAlone() throws Exception {
    Map<String, String> foreign = Map.of("GROUP", "true", "OWNER", "someone");

    assertThat(run("", foreign, "deploy", "logs", "westeurope").out())
        .contains("take another name");
    for (String what : List.of("--all", "--keep-data")) {
      assertThat(run("logs\n", foreign, "remove", "logs", what).out())
          .contains("take another name");
    }

    assertThat(Files.readString(calls)).doesNotContain("create", "delete");
  }

  @Test
  void whatIsMissingOrBrokenIsSaidWithItsRemedy() throws Exception {
    assertThat(run("", Map.of("OPENSEARCH_PASSWORD", ""), "deploy", "logs", "x").out())
        .contains("set the variable OPENSEARCH_PASSWORD");
    assertThat(run("", Map.of("OPENSEARCH_ENDPOINT", "http://a"), "deploy", "logs", "x").out())
        .contains("begins with https://");
    assertThat(run("", Map.of(), "deploy", "logs", "x", "--parameter", "name=y").out())
        .contains("deploy sets name itself");
    assertThat(run("", Map.of(), "deploy", "logs", "x", "--default", "restoreSlot").out())
        .contains("has no parameter restoreSlot");
    assertThat(run("", Map.of(), "deploy", "logs").exitCode()).isEqualTo(2);
    assertThat(run("", Map.of(), "remove", "logs").exitCode()).isEqualTo(2);
    assertThat(run("", Map.of(), "remove", "logs", "--all", "--keep-data").out())
        .contains("either --keep-data or --all");
    assertThat(Files.readString(calls)).isEmpty();
    Run broken =
        run("", Map.of("FAILING", "deployment group create"), "deploy", "logs", "westeurope");
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.out())
        .contains("the deployment failed", "az deployment operation group list");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "account show",
        "group exists",
        "group show",
        "functionapp list",
        "deployment group list",
        "deployment group show",
        "keyvault list-deleted"
      })
  void whatAzureDoesNotTellIsNotTakenForMissing(String call) throws Exception {
    Run run = run("", with(THERE, "FAILING", call), "deploy", "logs", "westeurope");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("ERROR: planted");
    assertThat(Files.readString(calls)).doesNotContain("create", "recover", "mvn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"az", "curl", "mvn"})
  void anAbsentToolIsNamed(String tool) throws Exception {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    for (String program : List.of("bash", "cat", "dirname", "env", "grep", "tr")) {
      Files.createSymbolicLink(bare.resolve(program), Path.of("/usr/bin", program));
    }
    for (String each : List.of("az", "curl", "mvn")) {
      if (!each.equals(tool)) {
        Files.createSymbolicLink(bare.resolve(each), bin.resolve(each));
      }
    }
    Run run = run("", Map.of("PATH", bare.toString()), "deploy", "logs", "westeurope");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("there is no " + tool + " on the PATH");
    assertThat(Files.readString(calls)).isEmpty();
  }

  @Test
  void removingAsksForTheName() throws Exception {
    for (String what : List.of("--all", "--keep-data")) {
      Run no = run("yes\n", THERE, "remove", "logs", what);
      assertThat(no.exitCode()).isEqualTo(1);
      assertThat(no.out()).contains("nothing was removed");
    }
    assertThat(Files.readString(calls)).doesNotContain("delete");

    Run yes = run("logs\n", THERE, "remove", "logs", "--all");
    assertThat(yes.exitCode()).as(yes.out()).isZero();
    assertThat(yes.out()).contains("your customers' containers");
    assertThat(Files.readAllLines(calls))
        .containsSubsequence(
            "lock delete --ids /locks/data --output none",
            "monitor log-analytics workspace delete --resource-group logs --workspace-name"
                + " logs-telemetry --force true --yes --output none",
            "role assignment delete --ids /assignments/1 --output none",
            "role definition delete --name 0a1b --resource-group logs --yes --output none",
            "group delete --name logs --yes --output none");
  }

  @Test
  void keepingDataRemovesWhatADeploymentMakesAnewAndNothingElse() throws Exception {
    Run run = run("", THERE, "remove", "logs", "--keep-data", "--yes");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("its data waits for: infra/azure/deploy logs westeurope");
    assertThat(Files.readAllLines(calls).stream().filter(call -> call.contains(" delete ")))
        .containsExactly(
            "resource delete --ids /ids/Microsoft.Insights/scheduledQueryRules --output none",
            "resource delete --ids /ids/Microsoft.Insights/metricAlerts --output none",
            "resource delete --ids /ids/Microsoft.Insights/actionGroups --output none",
            "resource delete --ids /ids/Microsoft.Web/sites --output none",
            "resource delete --ids /ids/Microsoft.Insights/components --output none",
            "resource delete --ids /ids/Microsoft.Insights/dataCollectionRules --output none",
            "functionapp plan delete --resource-group logs --name logs-plan --yes --output none",
            "monitor log-analytics workspace delete --resource-group logs --workspace-name"
                + " logs-telemetry --force true --yes --output none",
            "storage account delete --resource-group logs --name logshost1 --yes --output none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock list", "lock delete", "monitor", "role definition list"})
  void aRemovalThatCannotGoOnEndsBeforeTheGroupGoes(String call) throws Exception {
    Run run = run("", with(THERE, "FAILING", call), "remove", "logs", "--all", "--yes");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("ERROR: planted").doesNotContain("Removed.");
    assertThat(Files.readString(calls)).doesNotContain("group delete");
  }

  @Test
  void shellcheckFindsNothing() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/shellcheck")), "shellcheck is not installed");
    Process shellcheck =
        new ProcessBuilder(
                "/usr/bin/shellcheck", "-x", "-P", "../..", "deploy", "remove", "common.sh")
            .redirectErrorStream(true)
            .start();
    String found = new String(shellcheck.getInputStream().readAllBytes(), UTF_8);
    assertThat(shellcheck.waitFor()).as(found).isZero();
  }

  private static Map<String, String> with(
      Map<String, String> variables, String name, String value) {
    Map<String, String> more = new HashMap<>(variables);
    more.put(name, value);
    return more;
  }

  private Run run(String input, Map<String, String> variables, String script, String... arguments)
      throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
    List<String> command = new ArrayList<>();
    command.add(home.resolve("infra/azure").resolve(script).toString());
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Path given = Files.writeString(folder.resolve("input"), input);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(given.toFile())
            .redirectOutput(output.toFile());
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
    environment.put("CALLS", calls.toString());
    environment.put("PARAMETERS", parameters.toString());
    environment.put("GROUP", "false");
    environment.put("DELETED_IN", "westeurope");
    environment.put("STATE", "Resolved");
    environment.put("OPENSEARCH_ENDPOINT", "https://search.example.com");
    environment.put("OPENSEARCH_USERNAME", "logs");
    environment.put("OPENSEARCH_PASSWORD", "planted-password\"\\");
    environment.putAll(variables);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(output));
  }
}
