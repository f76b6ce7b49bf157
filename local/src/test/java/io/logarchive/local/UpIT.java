package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Secret;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** {@code logarchive up} in a process of its own, used over HTTP, killed and started again. */
class UpIT {
  private static final Instant DAY = Instant.parse("2026-11-21T00:00:00Z");
  private static final int LOGS = 60_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path data;

  UpIT(@TempDir Path data) {
    this.data = data;
  }

  @ParameterizedTest
  @EnumSource
  void aRestoreThatIsKilledInASliceIsCarriedOnByTheNextRunWithoutDoubles(Cloud cloud)
      throws Exception {
    Azurite.assumeInstalledFor(cloud);
    Map<String, String> first;
    List<ProcessHandle> embedded;
    long id;
    try (Running up = Running.start(data, cloud);
        ServiceClient client = up.client()) {
      first = up.variables();
      embedded = up.process.descendants().toList();
      assertThat(embedded).hasSize(cloud == Cloud.AZURE ? 1 : 0);
      assertThat(Files.getPosixFilePermissions(data.resolve("demo.env")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      setUp(up, client, cloud);
      assertThat(ship(up, client).taken()).isEqualTo(LOGS);

      id =
          ServiceClient.number(
              client.startRestore(
                  up.apiToken(), "a day", DAY.getEpochSecond(), DAY.getEpochSecond() + 86_400),
              "id");
      awaitProgress(up, client, id);
      up.process.destroyForcibly().waitFor();
    }
    for (ProcessHandle process : embedded) {
      assertThat(process.onExit().get(60, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    try (Running up = Running.start(data, cloud);
        ServiceClient client = up.client()) {
      assertThat(up.apiToken()).isEqualTo(first.get("LOGARCHIVE_API_TOKEN"));
      assertThat(up.printed())
          .contains("compressed logs   " + up.variable("LOGARCHIVE_OCTETS_URL") + "\n")
          .contains("S3                " + up.variable("LOGARCHIVE_S3_ENDPOINT") + "\n")
          .contains(up.variables().getOrDefault("LOGARCHIVE_AZURE_BLOB_ENDPOINT", ""));
      JsonObject operation = awaitEnd(up, client, id);
      assertThat(ServiceClient.text(operation, "status")).isEqualTo("ACTIVE");
      assertThat(restored(operation)).isEqualTo(LOGS);
      assertThat(found(up, client, id)).isEqualTo(LOGS);

      anotherRunOfTheSameDataIsRefused(cloud, "Another run uses");

      // Process.destroy would close the pipe too.
      up.process.toHandle().destroy();
      assertThat(up.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(up.out.readLine()).startsWith("Stopping");
    }
    DataDirectory.open(data, cloud).close();
    anotherRunOfTheSameDataIsRefused(
        cloud == Cloud.AWS ? Cloud.AZURE : Cloud.AWS, "holds a run with --cloud");
  }

  @Test
  void onAzureTheContainerIsReadByTheLinesThatArePrinted() throws Exception {
    Azurite.assumeInstalled();
    Programs.assumeInstalled("the archive is not read by the lines of up", "bash", "curl", "zstd");
    String lines;
    String said;
    try (Running up = Running.startIn(data, Cloud.AZURE)) {
      assertThat(up.variables().get("LOGARCHIVE_AZURE_CERTIFICATE"))
          .startsWith(data.toRealPath().resolve(".logarchive-azure").toString());
      lines = up.step("  blob()").stripTrailing().stripIndent();
      Path script =
          Files.writeString(
              data.resolve("lines.sh"),
              "set -eu\n"
                  + up.step("  . ")
                  + "{\n"
                  + up.step("# 1.")
                  + up.step("# 2.")
                  + "} > answers.txt\n"
                  + up.step("# 5."));
      Process process =
          new ProcessBuilder("bash", script.toString())
              .directory(data.toFile())
              .redirectErrorStream(true)
              .start();
      said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
    assertThat(Files.readString(Path.of("..", "README.md"))).contains(lines);
    assertThat(said).containsPattern("(?m)^\\{\"@timestamp\":.*\"message\":\"hello archive\"}$");
  }

  private void anotherRunOfTheSameDataIsRefused(Cloud cloud, String reason) {
    StringWriter err = new StringWriter();
    CommandLine second = LogArchive.commandLine().setErr(new PrintWriter(err));
    assertThat(
            second.execute("up", "--cloud", cloud.name(), "--data", data.toString(), "--port", "0"))
        .isEqualTo(1);
    assertThat(err.toString()).contains(reason).contains(data.toString());
  }

  private static void setUp(Running up, ServiceClient client, Cloud cloud) throws Exception {
    switch (cloud) {
      case AWS ->
          client.createSettings(
              up.apiToken(),
              up.variable("LOGARCHIVE_S3_BUCKET"),
              new AccessKey(
                  up.variable("LOGARCHIVE_S3_ACCESS_KEY"),
                  up.variable("LOGARCHIVE_S3_SECRET_KEY")));
      case AZURE ->
          client.createSettings(
              up.apiToken(),
              new StorageAccess.Blob(
                  new BlobLocation(
                      up.variable("LOGARCHIVE_AZURE_ACCOUNT"),
                      up.variable("LOGARCHIVE_AZURE_CONTAINER"),
                      ""),
                  up.variable("LOGARCHIVE_AZURE_TENANT_ID"),
                  up.variable("LOGARCHIVE_AZURE_CLIENT_ID"),
                  new Secret(up.variable("LOGARCHIVE_AZURE_CLIENT_SECRET"))));
    }
  }

  private static Shipper.Shipped ship(Running up, ServiceClient client) throws Exception {
    WebShopLogs logs = new WebShopLogs(7, DAY, LOGS);
    Progress quiet = new Progress(new PrintWriter(new StringWriter()), () -> DAY, false);
    return new Shipper(client, up.variable("LOGARCHIVE_SHIPPING_TOKEN"), "webshop", quiet)
        .ship(() -> logs.hasNext() ? logs.next() : null);
  }

  /** Until some of it is indexed and some is not. */
  private static void awaitProgress(Running up, ServiceClient client, long id) throws Exception {
    Instant giveUp = Instant.now().plus(PATIENCE);
    long restored = 0;
    while (restored == 0) {
      assertThat(Instant.now()).isBefore(giveUp);
      restored = restored(client.restore(up.apiToken(), id));
    }
    assertThat(restored).isLessThan(LOGS);
  }

  private static JsonObject awaitEnd(Running up, ServiceClient client, long id) throws Exception {
    Instant giveUp = Instant.now().plus(PATIENCE);
    JsonObject operation = client.restore(up.apiToken(), id);
    while (ServiceClient.text(operation, "status").equals("IN_PROGRESS")) {
      assertThat(Instant.now()).isBefore(giveUp);
      Thread.sleep(200);
      operation = client.restore(up.apiToken(), id);
    }
    return operation;
  }

  private static long restored(JsonObject operation) {
    return ServiceClient.number(ServiceClient.object(operation, "progress"), "logsRestored");
  }

  private static long found(Running up, ServiceClient client, long id) throws Exception {
    JsonObject body =
        JsonObject.builder()
            .put("accountIds", List.of(new JsonValue.Num(Long.toString(id))))
            .put("size", 0)
            .put("track_total_hits", true)
            .build();
    JsonObject hits = ServiceClient.object(client.search(up.apiToken(), body), "hits");
    return ServiceClient.number(ServiceClient.object(hits, "total"), "value");
  }

  record Running(Process process, BufferedReader out, String printed, Map<String, String> variables)
      implements AutoCloseable {

    static Running start(Path data, Cloud cloud) throws IOException {
      return start(Path.of("."), data, cloud, "--data", data.toString());
    }

    /** With the folder that it takes where none is named. */
    static Running startIn(Path directory, Cloud cloud) throws IOException {
      String folder = cloud == Cloud.AWS ? ".logarchive" : ".logarchive-azure";
      return start(directory, directory.resolve(folder), cloud);
    }

    private static Running start(Path directory, Path data, Cloud cloud, String... options)
        throws IOException {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx1g",
              "--enable-native-access=ALL-UNNAMED",
              "-Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager",
              "-Dlogarchive.azurite=" + Azurite.INSTALLATION.toAbsolutePath(),
              "-Dsqlite4java.library.path=" + System.getProperty("sqlite4java.library.path"),
              "-cp",
              System.getProperty("java.class.path"),
              LogArchive.class.getName(),
              "up",
              "--cloud",
              cloud.name(),
              "--port",
              "0");
      Process process =
          new ProcessBuilder(Stream.concat(command.stream(), Stream.of(options)).toList())
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader out = process.inputReader();
      StringBuilder printed = new StringBuilder();
      String line = out.readLine();
      while (line != null && !line.contains("Ctrl-C")) {
        printed.append(line).append('\n');
        line = out.readLine();
      }
      Map<String, String> variables = new LinkedHashMap<>();
      for (String variable : Files.readAllLines(data.resolve("demo.env"))) {
        String[] parts = variable.split("=", 2);
        variables.put(parts[0], parts[1].replace("'", ""));
      }
      return new Running(process, out, printed.toString(), variables);
    }

    /** The printed lines from this one to the next that is a comment. */
    String step(String first) {
      int begin = printed.indexOf(first);
      assertThat(begin).as(printed).isNotNegative();
      int end = printed.indexOf("  # ", begin + first.length());
      return end < 0 ? printed.substring(begin) : printed.substring(begin, end);
    }

    ServiceClient client() {
      return new ServiceClient(
          URI.create(variable("LOGARCHIVE_URL")), URI.create(variable("LOGARCHIVE_OCTETS_URL")));
    }

    String apiToken() {
      return variable("LOGARCHIVE_API_TOKEN");
    }

    String variable(String name) {
      return Objects.requireNonNull(variables.get(name), name);
    }

    @Override
    public void close() {
      List<ProcessHandle> embedded = process.descendants().toList();
      process.destroyForcibly().onExit().join();
      // They still write where they are.
      embedded.forEach(each -> each.onExit().join());
    }
  }
}
