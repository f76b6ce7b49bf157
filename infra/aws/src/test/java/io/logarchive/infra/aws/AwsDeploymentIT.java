package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.local.LogFile;
import io.logarchive.testkit.VendorExchanges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The template and the package, deployed to LocalStack and used from outside only. The tests run at
 * the same time, for they mostly wait.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class AwsDeploymentIT {
  private static final Logger LOG = LoggerFactory.getLogger(AwsDeploymentIT.class);
  private static final int LEAST_SLICES = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** How often the adapter for OpenSearch sends a bulk that is not taken, before it throws. */
  private static final int TRIES = 9;

  private final Path folder;
  private DeployedService deployed;

  AwsDeploymentIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  void deploy() throws Exception {
    Optional<LocalStack> localStack = LocalStack.find();
    if (localStack.isEmpty()) {
      LOG.warn(
          "Skipped: nothing is deployed; eval \"$(infra/aws/localstack/localstack start)\", or start"
              + " Docker");
      abort(LocalStack.ENDPOINT + " is not set and there is no Docker");
    }
    deployed = new DeployedService(localStack.get(), folder);
  }

  /** By now the functions have said and done what they do; all of them, if all tests ran. */
  @AfterAll
  void functionsTellNoSecretsAndMayDoWhatTheyDoAndNoMore() throws Exception {
    if (deployed == null) {
      return;
    }
    try {
      Operations operations = new Operations();
      Path logs = Files.createDirectories(Path.of("target", "function-logs"));
      for (String group : deployed.logGroups()) {
        String log = deployed.log(group);
        Files.writeString(logs.resolve(group.substring(group.lastIndexOf('/') + 1) + ".log"), log);
        assertThat(deployed.secrets()).as(group).noneMatch(log::contains);
        operations.read(log);
      }
      Files.write(Path.of("target", "operations.json"), operations.json().bytes());
      assertThat(LeastPrivilege.problems(Template.ofThisModule(), operations.json())).isEmpty();
    } finally {
      deployed.close();
    }
  }

  @Test
  void everyLogIsArchivedRestoredInManySlicesAndFound() throws Exception {
    SampleLogs sample = SampleLogs.read();
    Customer customer = deployed.customer("whole");
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Reply>> replies = new ArrayList<>();
      for (byte[] body : sample.bodies()) {
        replies.add(threads.submit(() -> deployed.service().ship(customer.shippingToken(), body)));
      }
      for (Future<Reply> reply : replies) {
        assertThat(reply.get().status()).as(reply.get().text()).isEqualTo(200);
      }
    }

    Path archive = folder.resolve("archive");
    customer.aws().text("s3", "sync", "s3://" + customer.bucket(), archive.toString());
    assertThat(lines(archive)).isEqualTo(sample.logs());

    long restored = 0;
    long found = 0;
    long slices = 0;
    for (Instant day : days(archive)) {
      long id = customer.restore("of " + day, day, day.plusSeconds(86_400));
      await("the restore of " + day, () -> !customer.status(id).equals("IN_PROGRESS"));
      JsonObject operation = customer.operation(id);
      assertThat(Reply.text(operation, "status")).as(Json.text(operation)).isEqualTo("ACTIVE");
      assertThat(deployed.workflowStatus(id, 1)).isEqualTo("SUCCEEDED");
      restored += customer.restored(id);
      found += customer.found(id);
      slices += Reply.number(operation, "progress", "slicesTotal");
    }
    assertThat(restored).isEqualTo(sample.logs());
    assertThat(found).isEqualTo(sample.logs());
    assertThat(slices).isGreaterThanOrEqualTo(LEAST_SLICES);
  }

  @Test
  void anAbortedRestoreIsGoneAndNothingOfItComesBack() throws Exception {
    Customer customer = deployed.customer("abort");
    customer.ship(6);
    Gate gate = new Gate(2);
    deployed.door().guard(customer.text(), gate);
    long id = customer.restore("to be aborted");
    await("logs in the restored account", () -> gate.holdsSome() && customer.restored(id) > 0);

    JsonObject aborted =
        customer.service().ask("DELETE", "/archive/restore/" + id, customer.apiToken(), null);
    assertThat(Reply.text(aborted, "status")).isEqualTo("ABORTED");
    gate.open();
    await("the workflow's end", () -> deployed.workflowStatus(id, 1).equals("SUCCEEDED"));
    assertThat(customer.status(id)).isEqualTo("ABORTED");
    assertThat(customer.searchStatus(id)).isEqualTo(404);
    await("the index's end", () -> deployed.indexed(customer.text()) == 0);
  }

  @Test
  void aRestoreWhoseTimeIsOverIsRemovedByTheSchedule() throws Exception {
    Customer customer = deployed.customer("expiry");
    customer.ship(1);
    long id = customer.restore("to expire");
    await("the restore", () -> customer.status(id).equals("ACTIVE"));
    assertThat(customer.found(id)).isEqualTo(Customer.LOGS);

    change(id, "expiresAt", "{\"S\":\"2026-11-21T00:00:00Z\"}");
    expireEveryMinute();
    await("its expiry", () -> customer.status(id).equals("EXPIRED"));
    assertThat(customer.searchStatus(id)).isEqualTo(404);
    await("the index's end", () -> deployed.indexed(customer.text()) == 0);
  }

  @Test
  void aSliceThatThrowsTwiceIsTriedAgainAndNothingIsMissing() throws Exception {
    Customer customer = deployed.customer("twice");
    customer.ship(3);
    AtomicInteger bulks = new AtomicInteger();
    deployed
        .door()
        .guard(
            customer.part(1),
            () -> bulks.incrementAndGet() <= 2 * TRIES ? 503 : OpenSearchDoor.PASS);
    long id = customer.restore("at the third try");
    await("the restore", () -> !customer.status(id).equals("IN_PROGRESS"));
    assertThat(customer.status(id)).isEqualTo("ACTIVE");
    assertThat(customer.restored(id)).isEqualTo(3 * Customer.LOGS);
    assertThat(customer.found(id)).isEqualTo(3 * Customer.LOGS);
    assertThat(bulks).hasValue(2 * TRIES + 1);
    assertThat(deployed.workflowStatus(id, 1)).isEqualTo("SUCCEEDED");
  }

  @Test
  void aSliceThatAlwaysThrowsFailsTheRestoreAndTheRestIsSearchable() throws Exception {
    Customer customer = deployed.customer("always");
    customer.ship(3);
    for (int other = 1; other < 3; other++) {
      deployed.door().guard(customer.part(other), () -> OpenSearchDoor.PASS);
    }
    deployed
        .door()
        .guard(
            customer.part(0),
            () -> {
              for (int other = 1; other < 3; other++) {
                while (!deployed.door().hasWritten(customer.part(other))) {
                  Thread.sleep(100);
                }
              }
              return 403;
            });
    long id = customer.restore("to fail");
    await("the restore", () -> !customer.status(id).equals("IN_PROGRESS"));
    JsonObject operation = customer.operation(id);
    assertThat(Reply.text(operation, "status")).isEqualTo("FAILED");
    assertThat(Reply.text(operation, "failure", "message")).contains("door_exception");
    assertThat(customer.restored(id)).isEqualTo(2 * Customer.LOGS);
    assertThat(customer.found(id)).isEqualTo(2 * Customer.LOGS);
    // LocalStack's map goes on to its end and succeeds, whatever its items do; AWS's fails.
    await("the workflow's end", () -> !deployed.workflowStatus(id, 1).equals("RUNNING"));
    assertThat(deployed.failedItems(id, 1)).isEqualTo(1);
  }

  @Test
  void aWorkflowThatWasStoppedByHandIsStartedAgain() throws Exception {
    Customer customer = deployed.customer("stopped");
    customer.ship(3);
    Gate gate = new Gate(1);
    deployed.door().guard(customer.text(), gate);
    long id = customer.restore("stopped by hand");
    await("the middle of it", gate::holdsSome);
    deployed
        .operator()
        .text("stepfunctions", "stop-execution", "--execution-arn=" + deployed.execution(id, 1));
    gate.open();
    await("the first workflow's end", () -> deployed.workflowStatus(id, 1).equals("ABORTED"));
    await("the restore", () -> !customer.status(id).equals("IN_PROGRESS"));
    assertThat(customer.status(id)).isEqualTo("ACTIVE");
    assertThat(customer.found(id)).isEqualTo(3 * Customer.LOGS);
    await("the second workflow's end", () -> deployed.workflowStatus(id, 2).equals("SUCCEEDED"));
  }

  @Test
  void anEventStartsARestore() throws Exception {
    Customer customer = deployed.customer("event");
    customer.ship(1);
    JsonObject.Builder detail = JsonObject.builder().put("accountId", customer.accountId());
    Customer.request("by an event", Customer.START, Customer.START.plusSeconds(3_600))
        .members()
        .forEach(detail::put);
    JsonObject entry =
        JsonObject.builder()
            .put("EventBusName", deployed.deployment().output("BusName"))
            .put("Source", "somebody.else")
            .put("DetailType", "Restore Requested")
            .put("Detail", Json.text(detail.build()))
            .build();
    deployed.operator().text("events", "put-events", "--entries=[" + Json.text(entry) + "]");
    await("the restore", () -> history(customer).contains("\"status\":\"ACTIVE\""));
    JsonValue operation = Json.value(history(customer).getBytes(StandardCharsets.UTF_8));
    assertThat(operation).isInstanceOf(JsonValue.Array.class);
    JsonValue one = ((JsonValue.Array) operation).values().getFirst();
    assertThat(Reply.text(one, "accountName")).isEqualTo("by an event");
    assertThat(customer.found(Reply.number(one, "id"))).isEqualTo(Customer.LOGS);
  }

  @Test
  void aRestoreOverTheCapIsCutWhereItSays() throws Exception {
    Customer customer = deployed.customer("capped", "0.0001");
    customer.ship(3);
    long id = customer.restore("cut");
    await("the restore", () -> !customer.status(id).equals("IN_PROGRESS"));
    JsonObject operation = customer.operation(id);
    assertThat(Reply.text(operation, "status"))
        .as(Json.text(operation))
        .isEqualTo("LIMIT_EXCEEDED");
    long seconds = Reply.number(operation, "coveredUntil") - Customer.START.getEpochSecond();
    assertThat(seconds).isPositive().isLessThan(Customer.LOGS);
    assertThat(customer.found(id)).isEqualTo(3 * seconds);
  }

  @Test
  void aRestoreWhoseFirstMinuteIsOverTheCapFailsAndSaysSo() throws Exception {
    Customer customer = deployed.customer("over", "0.00001");
    customer.ship(3);
    long id = customer.restore("too much");
    await("its failure", () -> customer.status(id).equals("FAILED"));
    assertThat(Reply.text(customer.operation(id), "failure", "code")).isEqualTo("RANGE_OVER_CAP");
  }

  @Test
  void aRestoreOfObjectsInAColdTierFailsAndSaysSo() throws Exception {
    Customer customer = deployed.customer("cold");
    customer.ship(1);
    String archive = "s3://" + customer.bucket() + "/dt=20261120";
    customer.aws().text("s3", "cp", "--recursive", "--storage-class=GLACIER", archive, archive);
    long id = customer.restore("cold");
    await("its failure", () -> customer.status(id).equals("FAILED"));
    assertThat(Reply.text(customer.operation(id), "failure", "code")).isEqualTo("ARCHIVED_TIER");
  }

  @Test
  void aRestoreThatIsLostTimeAndAgainFailsAndSaysSo() throws Exception {
    Customer customer = deployed.customer("lost");
    customer.ship(1);
    Gate gate = new Gate(0);
    deployed.door().guard(customer.text(), gate);
    long id = customer.restore("lost");
    await("the middle of it", gate::holdsSome);
    change(id, "attempt", "{\"N\":\"10\"}");
    await("its failure", () -> customer.status(id).equals("FAILED"));
    assertThat(Reply.text(customer.operation(id), "failure", "code")).isEqualTo("WORKFLOW_LOST");
    gate.open();
  }

  @Test
  void settingsAreTestedBeforeTheyAreKeptAndWhatIsWrongIsSaid() throws Exception {
    Service service = deployed.service();
    String path = "/v2/archive/settings";
    assertThat(service.call("GET", path, "nobody", null).status()).isEqualTo(401);
    assertThat(service.call("GET", "/healthz", "nobody", null).status()).isEqualTo(200);
    assertThat(service.ship("nobody", new byte[] {'{', '}'}).status()).isEqualTo(401);

    Customer customer = deployed.customer("settings");
    AwsCli key = deployed.customersKey();
    Reply second =
        service.call("POST", path, customer.apiToken(), Customer.settings("another", key));
    assertThat(second.status()).as(second.text()).isEqualTo(409);

    long id = customer.settingsId();
    Reply stored =
        service.call(
            "POST",
            path + "/test",
            customer.apiToken(),
            JsonObject.builder().put("id", id).build());
    assertThat(stored.status()).as(stored.text()).isEqualTo(200);
    assertThat(service.call("DELETE", path + "/" + id, customer.apiToken(), null).status())
        .isEqualTo(200);
    assertThat(service.call("GET", path, customer.apiToken(), null).text()).isEqualTo("[]");

    JsonObject account = deployed.account("no bucket", "1");
    String token = Reply.text(account, "apiToken");
    Reply missing = service.call("POST", path, token, Customer.settings("is-not-there", key));
    assertThat(missing.status()).as(missing.text()).isEqualTo(422);
    assertThat(missing.text()).contains("NoSuchBucket").doesNotContain(key.secretKey());
    assertThat(service.call("GET", path, token, null).text()).isEqualTo("[]");
  }

  @Test
  void accountsAreListedAndTheirTokensMadeRotatedAndRevoked() throws Exception {
    int id =
        ((JsonValue.Num) Reply.at(deployed.account("tokens", "1"), "accountId"))
            .value()
            .intValueExact();
    Reply listed = deployed.administer("GET", "?after=" + (id - 1), null);
    assertThat(listed.text()).startsWith("[{\"accountId\":" + id + ",\"accountName\":\"tokens\"");
    Reply changed =
        deployed.administer(
            "PUT", "/" + id, JsonObject.builder().put("accountName", "renamed").build());
    assertThat(changed.text()).contains("\"accountName\":\"renamed\"");

    JsonObject asked =
        JsonObject.builder()
            .put("name", "searcher")
            .put("scopes", List.of(new JsonValue.Text("restore")))
            .build();
    Reply made = deployed.administer("POST", "/" + id + "/tokens", asked);
    assertThat(made.status()).as(made.text()).isEqualTo(200);
    String first = Reply.text(Json.object(made.body()), "token");
    JsonValue firstId = Reply.at(Json.object(made.body()), "id");
    String path = "/" + id + "/tokens/" + Json.text(firstId);
    Reply rotated = deployed.administer("POST", path + "/rotate", null);
    assertThat(rotated.status()).as(rotated.text()).isEqualTo(200);
    String second = Reply.text(Json.object(rotated.body()), "token");
    assertThat(restores(first)).isEqualTo(200);
    assertThat(deployed.administer("DELETE", path, null).status()).isEqualTo(200);
    assertThat(restores(first)).isEqualTo(401);
    assertThat(restores(second)).isEqualTo(200);
    assertThat(deployed.administer("DELETE", "/" + id, null).status()).isEqualTo(200);
    assertThat(restores(second)).isEqualTo(401);
  }

  private int restores(String token) throws Exception {
    return deployed.service().call("GET", "/archive/restore", token, null).status();
  }

  @Test
  void aRestoreReadsTheBucketsBeforeAndAfterASwitch() throws Exception {
    Customer customer = deployed.customer("switched");
    customer.ship(2);
    String other = customer.bucket() + "-next";
    customer.aws().text("s3", "mb", "s3://" + other);
    long settings = customer.settingsId();
    Reply switched =
        deployed
            .service()
            .call(
                "PUT",
                "/v2/archive/settings/" + settings,
                customer.apiToken(),
                Customer.settings(other + "/logs", customer.aws()));
    assertThat(switched.status()).as(switched.text()).isEqualTo(200);
    assertThat(customer.settings(settings)).isEqualTo(switched.json());
    // The same bodies lie in both then, and one more in the new bucket only.
    customer.ship(3);
    long id = customer.restore("of both");
    await("its end", () -> !customer.status(id).equals("IN_PROGRESS"));
    assertThat(customer.status(id)).isEqualTo("ACTIVE");
    assertThat(customer.found(id)).isEqualTo(3 * Customer.LOGS);
    assertThat(customer.aws().text("s3", "ls", "--recursive", "s3://" + other))
        .contains("logs/dt=20261120/hour=10/");

    customer.aws().text("s3", "rb", "--force", "s3://" + customer.bucket());
    long failing = customer.restore("of one that is gone");
    await("its failure", () -> customer.status(failing).equals("FAILED"));
    assertThat(Reply.text(customer.operation(failing), "failure", "message"))
        .contains("s3://" + customer.bucket());
  }

  @Test
  void anArchiveThatTurnsOutToBeAnothersIsSuspendedUntilATestPasses() throws Exception {
    Customer customer = deployed.customer("suspended");
    String proof = "s3://" + customer.bucket() + "/logzio-verified";
    Path own = folder.resolve("own-proof");
    customer.aws().text("s3", "cp", proof, own.toString());
    Path anothers = folder.resolve("anothers-proof");
    String deployment = Reply.text(Json.object(Files.readAllBytes(own)), "deploymentId");
    Files.writeString(
        anothers, Files.readString(own).replace(deployment, "anothers"), StandardCharsets.UTF_8);
    customer.aws().text("s3", "cp", anothers.toString(), proof);

    byte[] log = "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
    Reply refused = deployed.service().ship(customer.shippingToken(), log);
    assertThat(refused.status()).as(refused.text()).isEqualTo(503);
    long settings = customer.settingsId();
    assertThat(Reply.text(customer.settings(settings), "settings", "status"))
        .isEqualTo("suspended");
    assertThat(Reply.text(customer.settings(settings), "settings", "reason"))
        .contains("belongs to another deployment");

    customer.aws().text("s3", "cp", own.toString(), proof);
    JsonObject test = JsonObject.builder().put("id", settings).build();
    deployed.service().ask("POST", "/v2/archive/settings/test", customer.apiToken(), test);
    assertThat(Reply.text(customer.settings(settings), "settings", "status"))
        .isEqualTo("archiving");
    assertThat(deployed.service().ship(customer.shippingToken(), log).status()).isEqualTo(200);
  }

  @Test
  void theVendorsClientsFindWhatTheyExpect() throws Exception {
    Customer customer = deployed.customer("vendor");
    Service service = deployed.service();
    String settings = "/v2/archive/settings/" + customer.settingsId();
    assertThat(service.call("DELETE", settings, customer.apiToken(), null).status()).isEqualTo(200);
    // LocalStack lets anybody assume any role, which the connection test finds: none will do here.
    VendorExchanges exchanges =
        new VendorExchanges(
            VendorExchanges.overHttp(service.http(), service.api().toString()),
            customer.apiToken(),
            new VendorExchanges.Bucket(
                customer.bucket(), customer.aws().accessKey(), customer.aws().secretKey()),
            null,
            null,
            () -> Thread.sleep(1_000));
    exchanges.settings();
    exchanges.refusedSettings();
    exchanges.restores();
  }

  @Test
  void anAccountIsRemovedWithAllButItsBucket() throws Exception {
    Customer customer = deployed.customer("removed");
    customer.ship(1);
    long id = customer.restore("to be removed");
    await("the restore", () -> customer.status(id).equals("ACTIVE"));
    Reply removed = deployed.removeAccount(customer.accountId());
    assertThat(removed.status()).as(removed.text()).isEqualTo(200);
    Reply afterwards =
        customer.service().call("GET", "/archive/restore", customer.apiToken(), null);
    assertThat(afterwards.status()).isEqualTo(401);
    await("the index's end", () -> deployed.indexed(customer.text()) == 0);
    assertThat(customer.aws().text("s3", "ls", "--recursive", "s3://" + customer.bucket()))
        .contains("dt=20261120/hour=10/");
  }

  private static String history(Customer customer) throws IOException, InterruptedException {
    return customer.service().call("GET", "/archive/restore", customer.apiToken(), null).text();
  }

  /** Puts the rule and then its targets again: LocalStack times a rule only with its targets. */
  private void expireEveryMinute() throws Exception {
    String rule = deployed.physicalId("ExpireRestoresRule");
    AwsCli operator = deployed.operator();
    operator.text("events", "put-rule", "--name=" + rule, "--schedule-expression=rate(1 minute)");
    JsonObject listed =
        (JsonObject) operator.json("events", "list-targets-by-rule", "--rule=" + rule);
    operator.text(
        "events",
        "put-targets",
        "--rule=" + rule,
        "--targets=" + Json.text(listed.member("Targets").orElseThrow()));
  }

  /** Changes a restore's record as nothing but a test does. */
  private void change(long restoreId, String attribute, String value) throws Exception {
    String table = deployed.deployment().output("TableName");
    JsonValue claim =
        deployed
            .operator()
            .json(
                "dynamodb",
                "get-item",
                "--table-name=" + table,
                "--key={\"pk\":{\"S\":\"ID#%d\"},\"sk\":{\"S\":\"ID\"}}".formatted(restoreId));
    JsonObject key =
        JsonObject.builder()
            .put("pk", Reply.at(claim, "Item", "restorePk"))
            .put("sk", Reply.at(claim, "Item", "restoreSk"))
            .build();
    deployed
        .operator()
        .text(
            "dynamodb",
            "update-item",
            "--table-name=" + table,
            "--key=" + Json.text(key),
            "--update-expression=SET " + attribute + " = :value",
            "--expression-attribute-values={\":value\":" + value + "}");
  }

  /** How many lines the archive's objects have, as their owner reads them. */
  private static long lines(Path archive) throws IOException {
    long lines = 0;
    try (Stream<Path> files = Files.walk(archive)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json.zst")).toList()) {
        try (LogFile logs = LogFile.open(file, null)) {
          while (logs.next() != null) {
            lines++;
          }
        }
      }
    }
    return lines;
  }

  private static Set<Instant> days(Path archive) throws IOException {
    Set<Instant> days = new TreeSet<>();
    try (Stream<Path> files = Files.list(archive)) {
      for (Path file : files.filter(path -> path.toString().contains("/dt=")).toList()) {
        String day = String.valueOf(file.getFileName()).replaceAll("dt=(....)(..)(..)", "$1-$2-$3");
        days.add(LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toInstant());
      }
    }
    return days;
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > giveUp) {
        throw new AssertionError("Waited in vain for " + what);
      }
      Thread.sleep(1_000);
    }
  }
}
