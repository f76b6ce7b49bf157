package io.logarchive.infra.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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
      case "$*" in
        "account show"*) echo Pay-as-you-go ;;
        "group exists"*) echo "$GROUP" ;;
        "group show"*) echo "$OWNER" ;;
        "functionapp list"*) echo logs-app ;;
        "functionapp config appsettings list"*) printf '%064d\\n' 9 ;;
        "keyvault list-deleted"*) echo "$DELETED" ;;
        "resource list"*scrubbing*) echo "$RULE" ;;
        "resource list"*) printf 'Microsoft.Web/sites\\tlogs-app\\n' ;;
        "lock list"*) echo /locks/data ;;
        "deployment group create"*)
          for word in "$@"; do
            case $word in
              @*) cp "${word#@}" "$PARAMETERS"; stat -c %a "${word#@}" >> "$PARAMETERS" ;;
            esac
          done
          [ -z "$BROKEN" ] || exit 1
          printf 'https://logs-app.example\\thttps://logs-app.example/\\tlogs-app\\n' ;;
      esac
      """;

  private final Path folder;
  private final Path calls;
  private final Path home;
  private final Path parameters;

  private record Run(int exitCode, String out) {}

  ScriptsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.calls = Files.createFile(folder.resolve("calls"));
    this.parameters = folder.resolve("parameters");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    executable(Files.writeString(bin.resolve("az"), AZ));
    executable(Files.writeString(bin.resolve("mvn"), "#!/bin/sh\necho \"mvn $*\" >> \"$CALLS\"\n"));
    executable(
        Files.writeString(bin.resolve("curl"), "#!/bin/sh\necho \"curl $*\" >> \"$CALLS\"\n"));
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
  void aNewDeploymentIsMadeBuiltAndLookedAt() throws Exception {
    Run run = run("", Map.of(), "deploy", "logs", "westeurope", "--parameter", "restoreSlots=7");

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
    Run run =
        run(
            "",
            Map.of("GROUP", "true", "OWNER", "logs", "RULE", "logs-scrubbing", "DELETED", "logs-v"),
            "deploy",
            "logs",
            "westeurope");

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).doesNotContain("la_admin");
    assertThat(Files.readString(parameters))
        .contains("\"scrubbing\": {\"value\": \"existing\"}", "0009\"}");
    assertThat(Files.readString(calls))
        .contains("keyvault recover --name logs-v")
        .doesNotContain("group create --name logs --location");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Logs", "lo", "logs-1", "1logs", "logarchives1"})
  void aNameThatIsNoneIsRefusedBeforeAnythingIsAsked(String name) throws Exception {
    Run run = run("", Map.of(), "deploy", name, "westeurope");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("3 to 10 lower-case letters and digits", "'" + name + "'");
    assertThat(Files.readAllLines(calls)).isEmpty();
  }

  @Test
  void anotherGroupIsLeftAlone() throws Exception {
    Map<String, String> foreign = Map.of("GROUP", "true", "OWNER", "someone");

    assertThat(run("", foreign, "deploy", "logs", "westeurope").out())
        .contains("take another name");
    assertThat(run("logs\n", foreign, "remove", "logs").out()).contains("take another name");

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
    assertThat(run("", Map.of(), "deploy", "logs").exitCode()).isEqualTo(2);
    Run broken = run("", Map.of("BROKEN", "1"), "deploy", "logs", "x");
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.out())
        .contains("the deployment failed", "az deployment operation group list");
  }

  @Test
  void removingAsksForTheName() throws Exception {
    Map<String, String> there = Map.of("GROUP", "true", "OWNER", "logs");

    Run no = run("yes\n", there, "remove", "logs");
    assertThat(no.exitCode()).isEqualTo(1);
    assertThat(no.out()).contains("nothing was removed");
    assertThat(Files.readString(calls)).doesNotContain("delete");

    Run yes = run("logs\n", there, "remove", "logs");
    assertThat(yes.exitCode()).as(yes.out()).isZero();
    assertThat(yes.out()).contains("your customers' containers");
    assertThat(Files.readAllLines(calls))
        .containsSubsequence(
            "lock delete --ids /locks/data --output none",
            "group delete --name logs --yes --output none");
  }

  private Run run(String input, Map<String, String> variables, String script, String... arguments)
      throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
    List<String> command = new java.util.ArrayList<>();
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
    environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("CALLS", calls.toString());
    environment.put("PARAMETERS", parameters.toString());
    environment.put("GROUP", "false");
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
