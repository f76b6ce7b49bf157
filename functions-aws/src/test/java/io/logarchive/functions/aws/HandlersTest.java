package io.logarchive.functions.aws;

import static io.logarchive.functions.aws.Events.functionUrl;
import static io.logarchive.functions.aws.Events.restApi;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.logarchive.account.Ids;
import io.logarchive.account.Token;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.service.ServiceWiring;
import io.logarchive.testkit.InMemoryAccountStore;
import io.logarchive.testkit.InMemoryArchiveSettingsStore;
import io.logarchive.testkit.InMemoryArchiveStorage;
import io.logarchive.testkit.InMemoryArchiveStorageProvider;
import io.logarchive.testkit.InMemoryAuditLog;
import io.logarchive.testkit.InMemoryIds;
import io.logarchive.testkit.InMemoryRequestWindows;
import io.logarchive.testkit.InMemoryRestoreStore;
import io.logarchive.testkit.InMemoryRestoredAccounts;
import io.logarchive.testkit.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One log's whole way through the handlers, over adapters in memory. */
class HandlersTest {
  private static final Instant NOW = Instant.parse("2026-11-22T17:30:00Z");
  private static final String LOGS =
      """
      {"@timestamp":"2026-11-22T17:00:00.000Z","type":"shop","n":1}
      {"@timestamp":"2026-11-22T17:00:01.000Z","type":"shop","n":2}
      """;

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemoryArchiveStorageProvider storages = new InMemoryArchiveStorageProvider();
  private final InMemoryRestoredAccounts restoredAccounts = new InMemoryRestoredAccounts(clock);
  private final StartedWorkflows workflows = new StartedWorkflows();
  private final Token adminToken = new Ids(new SecureRandom()).token(Token.Kind.ADMIN);
  private final DeploymentKey key =
      new DeploymentKey(new byte[DeploymentKey.KEY_BYTES], new SecureRandom());
  private final ByteArrayOutputStream metricLines = new ByteArrayOutputStream();
  private AwsWiring wiring;

  @BeforeEach
  void wire(@TempDir Path folder) throws IOException {
    Map<String, String> environment = new HashMap<>(Environments.complete(folder));
    environment.put("ADMIN_TOKEN_SHA256", adminToken.hash());
    InMemoryIds ids = new InMemoryIds();
    InMemoryAuditLog audit = new InMemoryAuditLog(100);
    InMemoryArchiveSettingsStore settings = new InMemoryArchiveSettingsStore(ids, audit);
    InMemoryRestoreStore restores = new InMemoryRestoreStore(ids, audit, 100);
    EmbeddedMetrics metrics =
        new EmbeddedMetrics("test", new PrintStream(metricLines, true, UTF_8));
    wiring =
        new AwsWiring(
            AwsConfig.of(environment),
            metrics,
            new ServiceWiring.Adapters(
                () -> new InMemoryAccountStore(ids, settings, restores, audit),
                () -> settings,
                () -> restores,
                () -> audit,
                InMemoryRequestWindows::new,
                () -> storages,
                () ->
                    new InMemoryArchiveStorage(
                        new InMemoryArchiveStorage.Bucket(), "restores", 100),
                () -> restoredAccounts,
                () -> key,
                () -> key,
                metrics,
                clock),
            built -> workflows);
  }

  @Test
  void logsAreArchivedRestoredAndRemovedAgain() {
    Customer customer = archivingCustomer();
    assertThat(
            call(
                new IngestHandler(wiring),
                functionUrl("token=" + customer.shippingToken(), gzip(LOGS))))
        .isEqualTo("{\"statusCode\":200,\"headers\":{},\"isBase64Encoded\":false,\"body\":\"\"}");

    int id = startRestore(customer);
    assertThat(workflows.started).containsExactly(id + "/1");
    String input = "{\"restoreId\":" + id + "}";
    String slice = "{\"restoreId\":" + id + ",\"slice\":0}";
    assertThat(call(new PlanRestoreHandler(wiring), input))
        .startsWith("{\"outcome\":\"PLANNED\",\"slices\":1,\"countFirst\":false,\"items\":{");
    assertThat(call(new CountSliceHandler(wiring), slice)).isEqualTo("{\"outcome\":\"DONE\"}");
    assertThat(call(new CutRestoreHandler(wiring), input)).isEqualTo("{\"outcome\":\"DONE\"}");
    assertThat(call(new RestoreSliceHandler(wiring), slice)).isEqualTo("{\"outcome\":\"DONE\"}");
    assertThat(call(new FinishRestoreHandler(wiring), input))
        .isEqualTo(
            "{\"outcome\":\"DONE\",\"accountId\":"
                + customer.id()
                + ",\"status\":\"ACTIVE\",\"logsRestored\":2}");

    JsonObject operation = operation(customer, id);
    assertThat(operation.member("status")).contains(new JsonValue.Text("ACTIVE"));
    assertThat(Json.text(operation)).contains("\"logsRestored\":2");

    JsonObject found =
        answer(
            new SearchHandler(wiring),
            restApi("POST", "/v1/search", customer.apiToken(), "{\"query\":{\"match_all\":{}}}"));
    assertThat(Json.text(found)).contains("\"n\":1", "\"n\":2");

    clock.advance(Duration.ofDays(6));
    new ExpireRestoresHandler(wiring).handleRequest(new ScheduledEvent(), Invocation.of("e"));
    assertThat(operation(customer, id).member("status")).contains(new JsonValue.Text("EXPIRED"));
    assertThat(restoredAccounts.list()).isEmpty();
  }

  @Test
  void aCompressedBodyThatCameAsTextIsRefused() throws IOException {
    Customer customer = archivingCustomer();
    String event =
        new String(
            functionUrl("token=" + customer.shippingToken(), gzip(LOGS)).readAllBytes(), UTF_8);

    assertThat(
            call(
                new IngestHandler(wiring),
                event.replace("\"isBase64Encoded\":true", "\"isBase64Encoded\":false")))
        .contains("\"statusCode\":415");
  }

  @Test
  void aSliceStopsBeforeItsFunctionIsStopped() {
    Customer customer = archivingCustomer();
    ingest(customer);
    int id = startRestore(customer);
    call(new PlanRestoreHandler(wiring), "{\"restoreId\":" + id + "}");

    String output =
        call(
            new RestoreSliceHandler(wiring),
            Events.of("{\"restoreId\":" + id + ",\"slice\":0}"),
            new Invocation("late", 60_000));

    assertThat(output).isEqualTo("{\"outcome\":\"CONTINUE\"}");
  }

  @Test
  void whatTheWorkflowCaughtIsWhyARestoreFailed() {
    Customer customer = archivingCustomer();
    int id = startRestore(customer);
    String caught =
        "{\"Error\":\"io.logarchive.fault.ServiceException$Denied\","
            + "\"Cause\":\"{\\\"errorMessage\\\":\\\"GetObject: AccessDenied\\\"}\"}";

    call(
        new FailRestoreHandler(wiring),
        "{\"restoreId\":" + id + ",\"attempt\":1,\"error\":" + caught + "}");

    assertThat(operation(customer, id).member("failure"))
        .contains(
            JsonObject.builder()
                .put("code", "REFUSED")
                .put("message", "A service refused what the restore needs: GetObject: AccessDenied")
                .build());
    assertThat(call(new PlanRestoreHandler(wiring), "{\"restoreId\":" + id + "}"))
        .isEqualTo("{\"outcome\":\"ENDED\"}");
    assertThat(call(new CutRestoreHandler(wiring), "{\"restoreId\":" + id + "}"))
        .isEqualTo("{\"outcome\":\"ENDED\"}");
  }

  @Test
  void aRestoreWithoutAWorkflowIsStartedAgain() {
    int id = startRestore(archivingCustomer());
    clock.advance(Duration.ofSeconds(6));

    new SweepRestoresHandler(wiring).handleRequest(new ScheduledEvent(), Invocation.of("s"));

    assertThat(workflows.started).containsExactly(id + "/1", id + "/2");
  }

  @Test
  void aSweepThatFailsForOneRestoreIsAFailedInvocation() {
    startRestore(archivingCustomer());
    clock.advance(Duration.ofSeconds(6));
    ServiceException failure = new ServiceException.Unavailable("Describe", "Slow", null, null);
    workflows.failure = failure;
    SweepRestoresHandler handler = new SweepRestoresHandler(wiring);

    assertThatThrownBy(() -> handler.handleRequest(new ScheduledEvent(), Invocation.of("s")))
        .isSameAs(failure);
  }

  @Test
  void anEventStartsOneRestoreHoweverOftenItComes() throws IOException {
    Customer customer = archivingCustomer();
    RequestStreamHandler handler = new RestoreRequestedHandler(wiring);
    String event = restoreRequested(customer.id(), "\"startTime\":0,\"endTime\":3600");

    call(handler, event);
    call(handler, event);

    assertThat(workflows.started).hasSize(1);
  }

  @Test
  void anEventForARestoreThatMayNotBeIsRefusedWithoutItsWords() throws IOException {
    Customer customer = archivingCustomer();
    RequestStreamHandler handler = new RestoreRequestedHandler(wiring);
    call(handler, restoreRequested(customer.id(), "\"startTime\":0,\"endTime\":3600"));

    assertThatThrownBy(
            () ->
                call(
                    handler,
                    restoreRequested(customer.id(), "\"startTime\":0,\"endTime\":60")
                        .replace("event-1", "event-2")))
        .hasMessage("The restore was refused: NAME_IN_USE");
    assertThatThrownBy(() -> call(handler, restoreRequested(customer.id(), "\"startTime\":0")))
        .hasMessageStartingWith("detail.endTime ");
    assertThatThrownBy(() -> call(handler, restoreRequested(5, "\"startTime\":0,\"endTime\":1")))
        .hasMessage("The restore was refused: NO_ARCHIVE");
    assertThat(workflows.started).hasSize(1);
  }

  private static String restoreRequested(int accountId, String range) {
    return "{\"id\":\"event-1\",\"detail-type\":\"Restore Requested\",\"detail\":{\"accountId\":"
        + accountId
        + ",\"accountName\":\"a secret name\","
        + range
        + "}}";
  }

  @Test
  void aFailureOfAStepPassesThroughForTheWorkflowToCatch() {
    Customer customer = archivingCustomer();
    ingest(customer);
    int id = startRestore(customer);
    storages.createBucket("customer", "AKIAOTHER", "changed");
    RequestStreamHandler planRestore = new PlanRestoreHandler(wiring);
    clock.advance(Duration.ofMinutes(15));

    assertThatThrownBy(() -> call(planRestore, "{\"restoreId\":" + id + "}"))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("InvalidAccessKeyId");
  }

  @Test
  void everyEndedInvocationIsOneLineWithoutSecrets() {
    Customer customer = archivingCustomer();
    RequestStreamHandler handler = new IngestHandler(wiring);
    InputStream wrong = functionUrl("token=la_ship_guessed&type=secret", gzip(LOGS));
    List<JsonObject> lines;
    try (Logs logs = Logs.open()) {
      call(handler, wrong, Invocation.of("first"));
      clock.advance(Duration.ofMinutes(2));
      call(handler, functionUrl("token=" + customer.shippingToken(), gzip(LOGS)));
      lines = logs.lines();
    }

    List<String> ended =
        lines.stream().map(Json::text).filter(line -> line.contains("invocation ended")).toList();
    assertThat(ended).hasSize(2);
    assertThat(ended.getFirst())
        .contains("\"awsRequestId\":\"first\"", "\"requestId\":\"url-1\"", "\"method\":\"POST\"")
        .contains("\"status\":401", "\"coldStart\":true", "\"durationMs\":0")
        .contains("\"route\":\"/\"", "\"errorCode\":\"INVALID_TOKEN\"")
        .doesNotContain("accountId");
    assertThat(ended.getLast())
        .contains("\"status\":200", "\"coldStart\":false", "\"accountId\":" + customer.id() + ",")
        .contains("\"LogsReceived\":2", "\"LogsArchived\":2")
        .doesNotContain("errorCode");
    assertThat(lines)
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(Json.text(line))
                    .contains("\"awsRequestId\"")
                    .doesNotContain("la_ship", "secret", "shop"));
  }

  @Test
  void linesOfRestoresTellWhoseTheyAreAndWhatWasDone() {
    Customer customer = archivingCustomer();
    ingest(customer);
    List<String> lines;
    int id;
    try (Logs logs = Logs.open()) {
      id = startRestore(customer);
      String input = "{\"restoreId\":" + id + "}";
      call(new PlanRestoreHandler(wiring), input);
      call(new RestoreSliceHandler(wiring), "{\"restoreId\":" + id + ",\"slice\":0}");
      call(new FinishRestoreHandler(wiring), input);
      operation(customer, id);
      new SweepRestoresHandler(wiring).handleRequest(new ScheduledEvent(), Invocation.of("s"));
      lines =
          logs.lines().stream()
              .map(Json::text)
              .filter(line -> line.contains("invocation ended"))
              .toList();
    }

    assertThat(lines).hasSize(6);
    String whose = "\"accountId\":" + customer.id();
    assertThat(lines.subList(0, 5)).allMatch(line -> line.contains("\"restoreId\":" + id));
    assertThat(lines.getFirst())
        .contains(whose, "\"route\":\"/archive/restore\"", "\"RestoresStarted\":1");
    assertThat(lines.get(1)).contains(whose, "\"output\":{\"outcome\":\"PLANNED\"");
    assertThat(lines.get(2))
        .contains(whose, "\"slice\":0", "\"output\":{\"outcome\":\"DONE\"}")
        .contains("\"counts\":{\"LogsScanned\":2,\"LogsRestored\":2}");
    assertThat(lines.get(3))
        .contains("\"status\":\"ACTIVE\"", "\"RestoresEnded\":{\"ACTIVE\":1}", whose);
    assertThat(lines.get(4)).contains(whose, "\"route\":\"/archive/restore/{id}\"");
    assertThat(lines.get(5)).contains("\"OldestRestore\":0").doesNotContain("restoreId");
    assertThat(metricLines.toString(UTF_8).lines())
        .anyMatch(line -> line.contains("\"Status\":\"ACTIVE\""))
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("{\"_aws\"")
                    .doesNotContain("shop", "la_", Integer.toString(customer.id())));
  }

  @Test
  void everyPartAnswersForItself() {
    assertThat(call(new HealthHandler(wiring), restApi("GET", "/healthz", "", "")))
        .contains("\"statusCode\":200", "{\\\"status\\\":\\\"ok\\\"}");
    assertThat(call(new AccountsHandler(wiring), restApi("GET", "/nowhere", "", "")))
        .contains("\"statusCode\":404", "\\\"requestId\\\":\\\"gateway-1\\\"");
    assertThat(call(new RestoreHandler(wiring), restApi("TRACE", "/archive/restore", "", "")))
        .contains("\"statusCode\":405", "\"Allow\":\"GET, POST\"");
    assertThat(
            call(
                new ArchiveSettingsHandler(wiring), restApi("GET", "/v2/archive/settings", "", "")))
        .contains("\"statusCode\":401");
  }

  /** Says that none of them runs any more. */
  private static final class StartedWorkflows implements RestoreWorkflow {
    private final List<String> started = new ArrayList<>();
    private @Nullable ServiceException failure;

    @Override
    public void start(int restoreId, int attempt) {
      started.add(restoreId + "/" + attempt);
    }

    @Override
    public boolean isRunning(int restoreId, int attempt) {
      if (failure != null) {
        throw failure;
      }
      return false;
    }
  }

  private record Customer(int id, String apiToken, String shippingToken) {}

  private Customer archivingCustomer() {
    JsonObject account =
        answer(
            new AccountsHandler(wiring),
            restApi(
                "POST",
                "/v1/account-management/time-based-accounts",
                adminToken.value(),
                "{\"accountName\":\"shop\",\"maxDailyGB\":10}"));
    Customer customer =
        new Customer(
            Fields.of(account).integer("accountId", 1, Integer.MAX_VALUE).orElseThrow(),
            text(account, "apiToken"),
            text(account, "shippingToken"));
    storages.createBucket("customer", "AKIACUSTOMER", "planted-secret");
    answer(
        new ArchiveSettingsHandler(wiring),
        restApi(
            "POST",
            "/v2/archive/settings",
            customer.apiToken(),
            """
            {"storageType":"S3","amazonS3StorageSettings":{"credentialsType":"KEYS",
             "path":"customer/logs","s3SecretCredentials":
             {"accessKey":"AKIACUSTOMER","secretKey":"planted-secret"}}}"""));
    return customer;
  }

  private void ingest(Customer customer) {
    call(new IngestHandler(wiring), functionUrl("token=" + customer.shippingToken(), gzip(LOGS)));
  }

  private int startRestore(Customer customer) {
    JsonObject started =
        answer(
            new RestoreHandler(wiring),
            restApi(
                "POST",
                "/archive/restore",
                customer.apiToken(),
                "{\"accountName\":\"r\",\"startTime\":1795366800,\"endTime\":1795370400}"));
    return ((JsonValue.Num) started.member("id").orElseThrow()).value().intValueExact();
  }

  private JsonObject operation(Customer customer, int id) {
    return answer(
        new RestoreHandler(wiring),
        restApi("GET", "/archive/restore/" + id, customer.apiToken(), ""));
  }

  private static JsonObject answer(RequestStreamHandler handler, InputStream event) {
    String reply = call(handler, event);
    assertThat(reply).contains("\"statusCode\":200");
    return Json.object(text(Json.object(reply.getBytes(UTF_8)), "body").getBytes(UTF_8));
  }

  private static String call(RequestStreamHandler handler, String input) {
    return call(handler, Events.of(input));
  }

  private static String call(RequestStreamHandler handler, InputStream event) {
    return call(handler, event, Invocation.of("invocation"));
  }

  private static String call(
      RequestStreamHandler handler, InputStream event, Invocation invocation) {
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    try {
      handler.handleRequest(event, reply, invocation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(reply.toString(UTF_8)).doesNotContain("planted-");
    return reply.toString(UTF_8);
  }

  private static String text(JsonObject object, String member) {
    return ((JsonValue.Text) object.member(member).orElseThrow()).value();
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
