package io.logarchive.functions.azure;

import static io.logarchive.functions.azure.InMemoryService.answer;
import static io.logarchive.functions.azure.InMemoryService.post;
import static io.logarchive.functions.azure.InMemoryService.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.testkit.InMemoryArchiveStorageProvider;
import io.logarchive.testkit.InMemoryRestoredAccounts;
import io.logarchive.testkit.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One log's whole way through the functions, over adapters in memory. */
class FunctionsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T17:30:00Z");
  private static final String LOGS =
      """
      {"@timestamp":"2026-11-22T17:00:00.000Z","type":"shop","n":1}
      {"@timestamp":"2026-11-22T17:00:01.000Z","type":"shop","n":2}
      """;
  private static final HostCall CALL = HostCall.of("invocation-1");
  private static final DurableClientContext DURABLE = new DurableClientContext();

  private final StartedWorkflows workflows = new StartedWorkflows();
  private final AtomicInteger removals = new AtomicInteger();
  private final InMemoryService service =
      new InMemoryService(
          new SettableClock(NOW),
          Map.of(),
          new DurableClients(),
          workflows,
          removals::incrementAndGet);
  private final SettableClock clock = service.clock();
  private final InMemoryArchiveStorageProvider storages = service.storages();
  private final InMemoryRestoredAccounts restoredAccounts = service.restoredAccounts();
  private final AzureWiring wiring = service.wiring();
  private final HttpFunctions http = new HttpFunctions(wiring);
  private final IngestFunctions ingest = new IngestFunctions(wiring);
  private final RestoreSteps steps = new RestoreSteps(wiring);
  private final BackgroundFunctions background = new BackgroundFunctions(wiring);

  @Test
  void logsAreArchivedRestoredAndRemovedAgain() {
    InMemoryService.Customer customer = archivingCustomer();
    HttpResponseMessage archived =
        ingest.ingest(
            HostRequest.text("/?token=" + customer.shippingToken(), Map.of(), LOGS.getBytes(UTF_8)),
            CALL);
    assertThat(archived.getStatusCode()).isEqualTo(200);
    assertThat(archived.getBody()).isNull();

    int id = startRestore(customer);
    assertThat(workflows.started).containsExactly(id + "/1");
    assertThat(steps.plan(id + "/", CALL)).isEqualTo("PLANNED/1/false");
    assertThat(steps.count(id + "/0", CALL)).isEqualTo("DONE");
    assertThat(steps.cut(id + "/", CALL)).isEqualTo("DONE");
    assertThat(steps.restore(id + "/0", CALL)).isEqualTo("DONE");
    assertThat(steps.finish(id + "/", CALL)).isEqualTo("DONE");

    JsonObject operation = operation(customer, id);
    assertThat(operation.member("status")).contains(new JsonValue.Text("ACTIVE"));
    assertThat(Json.text(operation)).contains("\"logsRestored\":2");

    JsonObject found =
        answer(
            http.search(
                post("/v1/search", customer.apiToken(), "{\"query\":{\"match_all\":{}}}"), CALL));
    assertThat(Json.text(found)).contains("\"n\":1", "\"n\":2");

    clock.advance(Duration.ofDays(6));
    background.expire("", CALL);
    assertThat(operation(customer, id).member("status")).contains(new JsonValue.Text("EXPIRED"));
    assertThat(restoredAccounts.list()).isEmpty();
    assertThat(steps.plan(id + "/", CALL)).isEqualTo("ENDED");
    assertThat(steps.cut(id + "/", CALL)).isEqualTo("ENDED");
  }

  @Test
  void compressedLogsAreTakenAsOctets() {
    InMemoryService.Customer customer = archivingCustomer();

    HttpResponseMessage reply =
        ingest.octets(
            HostRequest.octets(
                "/octets?token=" + customer.shippingToken(),
                Map.of("Content-Encoding", "gzip"),
                gzip(LOGS)),
            CALL);

    assertThat(reply.getStatusCode()).isEqualTo(200);
    int id = startRestore(customer);
    steps.plan(id + "/", CALL);
    steps.restore(id + "/0", CALL);
    steps.finish(id + "/", CALL);
    assertThat(Json.text(operation(customer, id))).contains("\"logsRestored\":2");
  }

  @Test
  void whatTheHostDestroyedIsRefusedWithTheRemedy() {
    InMemoryService.Customer customer = archivingCustomer();
    String path = "/?token=" + customer.shippingToken();

    HttpResponseMessage compressed =
        ingest.ingest(HostRequest.text(path, Map.of("Content-Encoding", "gzip"), gzip(LOGS)), CALL);
    HttpResponseMessage latin =
        ingest.ingest(
            HostRequest.text(path, Map.of(), "{\"city\":\"Zürich\"}".getBytes(ISO_8859_1)), CALL);
    HttpResponseMessage chunked =
        ingest.ingest(HostRequest.of("POST", path, Map.of("Transfer-Encoding", "chunked")), CALL);
    HttpResponseMessage empty = ingest.ingest(HostRequest.of("POST", path, Map.of()), CALL);

    assertThat(compressed.getStatusCode()).isEqualTo(415);
    assertThat(text(compressed))
        .contains("to the path /octets with Content-Type application/octet-stream");
    assertThat(latin.getStatusCode()).isEqualTo(415);
    assertThat(chunked.getStatusCode()).isEqualTo(411);
    assertThat(text(chunked)).contains("archive/LENGTH_REQUIRED", "Content-Length");
    assertThat(empty.getStatusCode()).isEqualTo(400);
    int id = startRestore(customer);
    assertThat(steps.plan(id + "/", CALL)).isEqualTo("PLANNED/0/false");
  }

  @Test
  void textOfManyLanguagesArrivesAsItWasSent() {
    InMemoryService.Customer customer = archivingCustomer();
    String log = "{\"@timestamp\":\"2026-11-22T17:00:00Z\",\"m\":\"Zürich 東京 \ufffd 🚀\"}\n";

    HttpResponseMessage reply =
        ingest.ingest(
            HostRequest.text("/?token=" + customer.shippingToken(), Map.of(), log.getBytes(UTF_8)),
            CALL);

    assertThat(reply.getStatusCode()).isEqualTo(200);
  }

  @Test
  void pathsAndQueriesAreReadAsTheyWereSent() {
    HttpResponseMessage reply =
        ingest.ingest(
            HostRequest.text("/?token&type=a+b%20c", Map.of(), LOGS.getBytes(UTF_8)), CALL);
    HttpResponseMessage unknown =
        http.accounts(HostRequest.of("GET", "/v1/account-management/no%2Fwhere", Map.of()), CALL);
    HttpResponseMessage noAddress =
        http.accounts(HostRequest.of("GET", "/v1/account-management/{}", Map.of()), CALL);

    assertThat(text(reply)).isEqualTo("Logging token is missing");
    assertThat(unknown.getStatusCode()).isEqualTo(404);
    assertThat(text(unknown)).contains("\"requestId\":\"invocation-1\"");
    assertThat(noAddress.getStatusCode()).isEqualTo(400);
    assertThat(text(noAddress)).contains("percent-encoded");
  }

  @Test
  void everyPartAnswersForItself() {
    assertThat(text(http.health(HostRequest.of("GET", "/healthz", Map.of()), CALL)))
        .isEqualTo("{\"status\":\"ok\"}");
    assertThat(text(http.description(HostRequest.of("GET", "/openapi.yaml", Map.of()), CALL)))
        .startsWith("openapi:");
    HttpResponseMessage method =
        http.restores(HostRequest.of("PATCH", "/archive/restore", Map.of()), DURABLE, CALL);
    assertThat(method.getStatusCode()).isEqualTo(405);
    assertThat(method.getHeader("Allow")).isEqualTo("GET, POST");
    assertThat(
            http.archiveSettings(HostRequest.of("GET", "/v2/archive/settings", Map.of()), CALL)
                .getStatusCode())
        .isEqualTo(401);
    assertThat(http.audit(HostRequest.of("GET", "/v1/audit", Map.of()), CALL).getStatusCode())
        .isEqualTo(401);
    assertThat(http.scroll(HostRequest.of("POST", "/v1/scroll", Map.of()), CALL).getStatusCode())
        .isEqualTo(401);
  }

  @Test
  void whatFailedIsToldToTheWorkflowAndToTheUser() {
    InMemoryService.Customer customer = archivingCustomer();
    ingest.ingest(
        HostRequest.text("/?token=" + customer.shippingToken(), Map.of(), LOGS.getBytes(UTF_8)),
        CALL);
    int id = startRestore(customer);
    storages.createBucket("customer", "AKIAOTHER", "changed");
    clock.advance(Duration.ofMinutes(15));

    String failed = steps.plan(id + "/", CALL);

    assertThat(failed)
        .startsWith("FAILED/io.logarchive.fault.ServiceException$Denied/")
        .contains("InvalidAccessKeyId");
    assertThat(steps.fail(id + "/" + failed.substring("FAILED/".length()), CALL)).isEqualTo("DONE");
    assertThat(Json.text(operation(customer, id)))
        .contains("\"status\":\"FAILED\"", "\"code\":\"REFUSED\"", "InvalidAccessKeyId");
  }

  @Test
  void aRestoreWithoutAWorkflowIsStartedAgain() {
    int id = startRestore(archivingCustomer());
    clock.advance(Duration.ofSeconds(6));

    background.sweep("", DURABLE, CALL);

    assertThat(workflows.started).containsExactly(id + "/1", id + "/2");
    workflows.failure = new ServiceException.Unavailable("GetInstance", "UNAVAILABLE", null, null);
    assertThatThrownBy(() -> background.sweep("", DURABLE, CALL)).isSameAs(workflows.failure);
  }

  @Test
  void everyNightWhatIsOverIsRemoved() {
    background.removeExpired("", DURABLE, CALL);

    assertThat(removals).hasValue(1);
  }

  @Test
  void anEventStartsOneRestoreHoweverOftenItComes() {
    InMemoryService.Customer customer = archivingCustomer();
    String event =
        "{\"id\":\"event-1\",\"data\":{\"accountId\":"
            + customer.id()
            + ",\"accountName\":\"a secret name\",\"startTime\":0,\"endTime\":3600}}";

    background.restoreRequested(event, DURABLE, CALL);
    background.restoreRequested(event, DURABLE, CALL);

    assertThat(workflows.started).hasSize(1);
    assertThatThrownBy(
            () -> background.restoreRequested(event.replace("event-1", "event-2"), DURABLE, CALL))
        .hasMessage("The restore was refused: NAME_IN_USE");
    assertThatThrownBy(
            () -> background.restoreRequested("{\"id\":\"e\",\"data\":{}}", DURABLE, CALL))
        .hasMessageStartingWith("accountId is required");
  }

  @Test
  void aTraceIsFollowed() {
    assertThat(
            Calls.of(
                    new HostCall(
                        "call-1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .traceId())
        .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(Calls.of(new HostCall("call-1", "none")).traceId()).isNull();
    assertThat(Calls.of(HostCall.of("call-1")).traceId()).isNull();
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

  private InMemoryService.Customer archivingCustomer() {
    return service.archivingCustomer();
  }

  private int startRestore(InMemoryService.Customer customer) {
    JsonObject started =
        answer(
            http.restores(
                post(
                    "/archive/restore",
                    customer.apiToken(),
                    "{\"accountName\":\"r\",\"startTime\":1795366800,\"endTime\":1795370400}"),
                DURABLE,
                CALL));
    return ((JsonValue.Num) started.member("id").orElseThrow()).value().intValueExact();
  }

  private JsonObject operation(InMemoryService.Customer customer, int id) {
    return answer(
        http.restores(
            HostRequest.of(
                "GET", "/archive/restore/" + id, Map.of("X-API-TOKEN", customer.apiToken())),
            DURABLE,
            CALL));
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
