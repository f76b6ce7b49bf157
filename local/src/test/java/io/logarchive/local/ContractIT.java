package io.logarchive.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logarchive.archive.StorageAccess;
import io.logarchive.http.HealthApi;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Public checkers find nothing in the file of the API, nor in a service that runs. */
class ContractIT {
  private static final Logger LOG = LoggerFactory.getLogger(ContractIT.class);
  private static final Path SCRIPT = Path.of("contract", "contract");

  /** The same requests in every build, so that it fails for what was changed alone. */
  private static final String SEED = "1";

  /** On one machine there are no roles, so that this cannot be told. */
  private static final Set<String> NEEDS_AWS = Set.of("GET /v2/archive/settings/aws-trust");

  private record Verdict(boolean passed, String output) {}

  private final Path folder;

  ContractIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void findCheckers() {
    String root = Objects.requireNonNullElse(System.getenv("CONTRACT_ROOT"), "contract/.tools");
    boolean installed = Files.exists(Path.of(root, "installed"));
    if (!installed) {
      LOG.warn("Skipped: the API is not tried against its file; local/contract/contract install");
    }
    assumeTrue(installed, "contract/contract install was not run");
  }

  @Test
  void lintFindsNothing() throws Exception {
    assertThat(lint(served()).passed()).isTrue();
  }

  @Test
  void lintFindsAMistake() throws Exception {
    String right = "operationId: listRestores";
    assertThat(served()).contains(right);

    Verdict verdict = lint(served().replace(right, "operationId: startRestore"));

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.output()).contains("operation-operationId-unique");
  }

  @ParameterizedTest
  @EnumSource
  void thousandsOfRequestsMadeUpFromTheFileAreAnsweredAsItSays(Cloud cloud) throws Exception {
    Azurite.assumeInstalled();
    Path calls = Path.of("target", "contract-calls-" + cloud + ".json");
    Files.writeString(calls, "{}");
    Path data = Files.createDirectories(folder.resolve("data"));
    LocalWiring machine = LocalWiring.ofThisMachine();
    StorageAccess.Blob container = EmbeddedAzure.newContainer("contract", machine.random());
    try (EmbeddedAzure azure = EmbeddedAzure.start(Azurite.INSTALLATION, data, machine, container);
        LocalDeployment running = LocalDeployment.start(cloud, data, 0, machine, azure)) {
      Map<String, String> variables =
          new HashMap<>(DemoAccount.keptIn(data, running, azure).variables());
      variables.put("LOGARCHIVE_CLOUD", cloud.name());
      Verdict verdict = run(variables, 8, "try", calls.toString(), "--seed", SEED);
      assertThat(verdict.passed()).as(verdict.output()).isTrue();
    }

    Map<String, JsonValue> operations = Json.object(Files.readAllBytes(calls)).members();
    long requests = operations.keySet().stream().mapToLong(name -> calls(operations, name)).sum();
    LOG.info("{}: {} requests to {} operations", cloud, requests, operations.size());
    assertThat(requests).isGreaterThanOrEqualTo(5_000);
    assertThat(operations.keySet())
        .filteredOn(name -> !NEEDS_AWS.contains(name))
        .allSatisfy(name -> assertThat(statuses(operations, name)).containsAnyOf("200", "501"));
  }

  private static long calls(Map<String, JsonValue> operations, String name) {
    return statuses(operations, name).stream()
        .mapToLong(status -> ServiceClient.number(replies(operations, name), status))
        .sum();
  }

  private static Set<String> statuses(Map<String, JsonValue> operations, String name) {
    return replies(operations, name).members().keySet();
  }

  private static JsonObject replies(Map<String, JsonValue> operations, String name) {
    return (JsonObject) Objects.requireNonNull(operations.get(name));
  }

  private static String served() throws IOException {
    try (var file = HealthApi.class.getResourceAsStream("openapi.yaml")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    }
  }

  private Verdict lint(String text) throws Exception {
    Path file = folder.resolve("openapi.yaml");
    Files.writeString(file, text);
    return run(Map.of(), 2, "lint", file.toString());
  }

  private Verdict run(Map<String, String> variables, int minutes, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException(command + " did not end: " + Files.readString(output));
    }
    return new Verdict(process.exitValue() == 0, Files.readString(output));
  }
}
