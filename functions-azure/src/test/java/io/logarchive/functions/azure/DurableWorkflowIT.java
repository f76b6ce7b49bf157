package io.logarchive.functions.azure;

import static io.logarchive.functions.azure.InMemoryService.answer;
import static io.logarchive.functions.azure.InMemoryService.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.durabletask.DurableTaskClient;
import com.microsoft.durabletask.DurableTaskGrpcClientBuilder;
import com.microsoft.durabletask.DurableTaskGrpcWorkerBuilder;
import com.microsoft.durabletask.OrchestrationMetadata;
import com.microsoft.durabletask.TaskActivity;
import com.microsoft.durabletask.TaskActivityFactory;
import com.microsoft.durabletask.TaskOrchestration;
import com.microsoft.durabletask.TaskOrchestrationContext;
import com.microsoft.durabletask.TaskOrchestrationFactory;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.testkit.DurableSidecar;
import io.logarchive.testkit.SettableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workflow and its steps on a Durable Task backend, over gRPC, with workers that come and go.
 */
class DurableWorkflowIT {
  private static final Logger LOG = LoggerFactory.getLogger(DurableWorkflowIT.class);
  private static final Instant NOW = Instant.parse("2026-11-22T17:30:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** More than one part of the workflow holds. */
  private static final int SLICES = 105;

  private static final int BULK_LOGS = 10;

  /** 2,000 bytes: more than 20 logs are, less than 40. */
  private static final String SMALL_GB = "0.000002";

  private static final HostCall CALL = HostCall.of("invocation-1");
  private static final DurableClientContext DURABLE = new DurableClientContext();

  private static @Nullable DurableSidecar sidecar;

  private final DurableClients clients = new DurableClients();
  private final DurableRestoreWorkflow workflow = new DurableRestoreWorkflow(clients);
  private final InMemoryService service =
      new InMemoryService(
          new SettableClock(NOW),
          Map.of(
              "RESTORE_SLICE_OBJECTS",
              "1",
              "RESTORE_BULK_LOGS",
              Integer.toString(BULK_LOGS),
              "CONTROL_REQUESTS_PER_MINUTE",
              "100000"),
          clients,
          new Starts(),
          () -> {});
  private final RestoreSteps steps = new RestoreSteps(service.wiring());
  private final HttpFunctions http = new HttpFunctions(service.wiring());
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final List<String> outcomes = new CopyOnWriteArrayList<>();
  private boolean lost;
  private @Nullable Worker worker;
  private @Nullable DurableTaskClient client;

  @BeforeAll
  static void startBackend() throws IOException {
    boolean installed = DurableSidecar.isInstalled();
    if (!installed) {
      LOG.warn(
          "Skipped: restores are not run on a Durable Task backend; {} install",
          DurableSidecar.SCRIPT);
    }
    assumeTrue(installed, DurableSidecar.SCRIPT + " install was not run");
    sidecar = DurableSidecar.start();
  }

  @AfterAll
  static void stopBackend() throws IOException {
    if (sidecar != null) {
      sidecar.close();
    }
  }

  @AfterEach
  void stopWorker() {
    if (worker != null) {
      worker.kill();
    }
    if (client != null) {
      client.close();
    }
  }

  /** The workflow, of which the host may lose a start. */
  private final class Starts implements RestoreWorkflow {
    @Override
    public void start(int restoreId, int attempt) {
      if (attempt > 1 || !lost) {
        workflow.start(restoreId, attempt);
      }
    }

    @Override
    public boolean isRunning(int restoreId, int attempt) {
      return workflow.isRunning(restoreId, attempt);
    }
  }

  /** A worker process's part: its connection, and the thread that works. */
  private record Worker(ManagedChannel channel, Thread thread) {
    void kill() {
      channel.shutdownNow();
      thread.interrupt();
    }
  }

  @Test
  void aSliceWhoseWorkerDiesInItsMiddleIsCarriedOnByAnother() throws Exception {
    InMemoryService.Customer customer = service.archivingCustomer();
    send(customer, logs(0, 3 * BULK_LOGS));
    CountDownLatch dead = new CountDownLatch(1);
    service
        .hooked()
        .hook(
            new HookedAccounts.Hook() {
              @Override
              public void after(int number) {
                // The first bulk's place was saved, the second's not.
                if (number == 2) {
                  dead.countDown();
                  sleepForEver();
                }
              }
            });
    Worker first = work(this::act);
    int id = startRestore(customer);
    assertThat(dead.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(calls.toString()).isTrue();

    first.kill();
    worker = work(this::act);

    JsonObject ended = awaitEnd(customer, id);
    assertThat(Json.text(ended)).contains("\"status\":\"ACTIVE\"", "\"logsRestored\":30");
    assertThat(calls("RestoreSlice " + id + "/0")).isEqualTo(2);
    // The second bulk twice; the first and the third once.
    assertThat(service.hooked().bulks()).isEqualTo(4);
    assertThat(service.restoredAccounts().list().keySet())
        .singleElement()
        .satisfies(uid -> assertThat(service.restoredAccounts().lines(uid)).hasSize(30));
  }

  @Test
  void ofManySlicesThatOfALostWorkerIsDoneAgainAndNothingIsDoubled() throws Exception {
    InMemoryService.Customer customer = archive(SLICES);
    CountDownLatch dead = new CountDownLatch(1);
    Worker first =
        work(
            (name, input) -> {
              String result = act(name, input);
              if (name.equals("RestoreSlice") && input.endsWith("/50")) {
                dead.countDown();
                sleepForEver();
              }
              return result;
            });
    int id = startRestore(customer);
    assertThat(workflow.isRunning(id, 1)).isTrue();
    workflow.start(id, 1);
    assertThat(dead.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(calls.toString()).isTrue();

    first.kill();
    worker = work(this::act);

    JsonObject ended = awaitEnd(customer, id);
    assertThat(Json.text(ended)).contains("\"status\":\"ACTIVE\"", "\"logsRestored\":" + SLICES);
    assertThat(calls("RestoreSlice " + id + "/50")).isGreaterThan(1);
    assertThat(calls("PlanRestore " + id + "/")).isEqualTo(1);
    assertThat(calls("FinishRestore " + id + "/")).isEqualTo(1);
    awaitStop(id, 1);

    workflow.forget(Instant.now().minus(Duration.ofHours(1)));
    assertThat(isKnown(id)).isTrue();
    workflow.forget(Instant.now().plus(Duration.ofHours(1)));
    assertThat(isKnown(id)).isFalse();
  }

  @Test
  void aRestoreOverItsCapIsCountedAndCut() throws Exception {
    InMemoryService.Customer customer = service.archivingCustomer(SMALL_GB);
    // Two minutes, of which the first fits.
    send(customer, logs(0, 20));
    send(customer, logs(60_000, 20));
    worker = work(this::act);

    int id = startRestore(customer);

    JsonObject ended = awaitEnd(customer, id);
    assertThat(Json.text(ended)).contains("\"status\":\"LIMIT_EXCEEDED\"", "\"logsRestored\":20");
    assertThat(calls("CountSlice " + id + "/0") + calls("CountSlice " + id + "/1")).isEqualTo(2);
    assertThat(calls("CutRestore " + id + "/")).isEqualTo(1);
  }

  @Test
  void aSliceWhoseTimeIsOverGoesOnWhereItWas() throws Exception {
    InMemoryService.Customer customer = service.archivingCustomer();
    send(customer, logs(0, 3 * BULK_LOGS));
    service
        .hooked()
        .hook(
            new HookedAccounts.Hook() {
              @Override
              public void after(int number) {
                if (number == 1) {
                  service.clock().advance(AzureWiring.LONGEST_SLICE);
                }
              }
            });
    worker = work(this::act);

    int id = startRestore(customer);

    assertThat(Json.text(awaitEnd(customer, id)))
        .contains("\"status\":\"ACTIVE\"", "\"logsRestored\":30");
    assertThat(outcomes).contains("RestoreSlice " + id + "/0: CONTINUE");
    assertThat(service.hooked().bulks()).isEqualTo(3);
  }

  @Test
  void whatFailsForNowIsTriedAgainAndWhatFailsForGoodFailsTheRestore() throws Exception {
    InMemoryService.Customer customer = service.archivingCustomer();
    send(customer, logs(0, 5));
    service
        .hooked()
        .hook(
            new HookedAccounts.Hook() {
              @Override
              public void before(int number) {
                switch (number) {
                  case 1 -> throw new ServiceException.Unavailable("Bulk", "Busy", null, null);
                  case 2 -> throw new ServiceException.Denied("Bulk", "Forbidden", null, null);
                  default -> {}
                }
              }
            });
    worker = work(this::act);

    int id = startRestore(customer);

    assertThat(Json.text(awaitEnd(customer, id)))
        .contains("\"status\":\"FAILED\"", "\"code\":\"REFUSED\"", "Bulk: Forbidden");
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.startsWith("RestoreSlice"))
        .hasSize(2)
        .anyMatch(outcome -> outcome.contains("RETRY/"))
        .anyMatch(outcome -> outcome.contains("FAILED/"));
    assertThat(calls("FinishRestore " + id + "/")).isZero();
    awaitStop(id, 1);
  }

  @Test
  void aStepThatThrowsIsTriedAgain() throws Exception {
    InMemoryService.Customer customer = archive(1);
    AtomicInteger errors = new AtomicInteger();
    worker =
        work(
            (name, input) -> {
              if (name.equals("PlanRestore") && errors.getAndIncrement() == 0) {
                throw new IllegalStateException("planted");
              }
              return act(name, input);
            });

    int id = startRestore(customer);

    assertThat(Json.text(awaitEnd(customer, id))).contains("\"status\":\"ACTIVE\"");
    assertThat(errors).hasValue(2);
  }

  @Test
  void aRestoreThatIsAbortedStopsWithoutAnEndOfItsOwn() throws Exception {
    InMemoryService.Customer customer = archive(3);
    CountDownLatch planned = new CountDownLatch(1);
    CountDownLatch aborted = new CountDownLatch(1);
    worker =
        work(
            (name, input) -> {
              if (name.equals("RestoreSlice")) {
                planned.countDown();
                await(aborted);
              }
              return act(name, input);
            });
    int id = startRestore(customer);
    assertThat(planned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(calls.toString()).isTrue();

    answer(
        http.restores(
            HostRequest.of(
                "DELETE", "/archive/restore/" + id, Map.of("X-API-TOKEN", customer.apiToken())),
            DURABLE,
            CALL));
    aborted.countDown();

    awaitStop(id, 1);
    assertThat(Json.text(operation(customer, id))).contains("\"status\":\"ABORTED\"");
    assertThat(calls("FinishRestore " + id + "/")).isZero();
    assertThat(service.restoredAccounts().list()).isEmpty();
  }

  @Test
  void theSweeperStartsARestoreAgainWhoseWorkflowIsGone() throws Exception {
    InMemoryService.Customer customer = archive(2);
    lost = true;
    worker = work(this::act);
    int id = startRestore(customer);
    assertThat(workflow.isRunning(id, 1)).isFalse();
    service.clock().advance(Duration.ofSeconds(6));

    new BackgroundFunctions(service.wiring()).sweep("", DURABLE, CALL);

    assertThat(Json.text(awaitEnd(customer, id)))
        .contains("\"status\":\"ACTIVE\"", "\"logsRestored\":2");
    awaitStop(id, 2);
  }

  private InMemoryService.Customer archive(int objects) {
    InMemoryService.Customer customer = service.archivingCustomer();
    for (int i = 0; i < objects; i++) {
      send(customer, logs(i, 1));
    }
    return customer;
  }

  /** Logs of one minute, a millisecond apart. */
  private static String logs(int afterMillis, int count) {
    return IntStream.range(afterMillis, afterMillis + count)
        .mapToObj(
            n ->
                "{\"@timestamp\":\"%s\",\"n\":%d}\n"
                    .formatted(Instant.parse("2026-11-22T17:00:00Z").plusMillis(n), n))
        .collect(Collectors.joining());
  }

  private void send(InMemoryService.Customer customer, String logs) {
    assertThat(
            new IngestFunctions(service.wiring())
                .ingest(
                    HostRequest.text(
                        "/?token=" + customer.shippingToken(), Map.of(), logs.getBytes(UTF_8)),
                    CALL)
                .getStatusCode())
        .isEqualTo(200);
  }

  /** Whether the backend still keeps what became of the first attempt. */
  private boolean isKnown(int id) {
    OrchestrationMetadata found =
        Objects.requireNonNull(client).getInstanceMetadata(id + "-1", false);
    return found != null && found.isInstanceFound();
  }

  private int startRestore(InMemoryService.Customer customer) {
    connect();
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

  /** What the host would show to the functions that ask for it. */
  private void connect() {
    if (client == null) {
      DurableTaskClient connected = new DurableTaskGrpcClientBuilder().port(port()).build();
      client = connected;
      clients.show(() -> connected);
      // A function shows its binding's, which leads nowhere here; the one that is known stays.
      assertThat(clients.client()).isSameAs(connected);
    }
  }

  private JsonObject operation(InMemoryService.Customer customer, int id) {
    return answer(
        http.restores(
            HostRequest.of(
                "GET", "/archive/restore/" + id, Map.of("X-API-TOKEN", customer.apiToken())),
            DURABLE,
            CALL));
  }

  private JsonObject awaitEnd(InMemoryService.Customer customer, int id) throws Exception {
    Instant giveUp = Instant.now().plus(PATIENCE);
    JsonObject operation = operation(customer, id);
    while (Json.text(operation).contains("IN_PROGRESS")) {
      assertThat(Instant.now()).as(calls.toString()).isBefore(giveUp);
      Thread.sleep(100);
      operation = operation(customer, id);
    }
    return operation;
  }

  private void awaitStop(int id, int attempt) throws Exception {
    Instant giveUp = Instant.now().plus(PATIENCE);
    while (workflow.isRunning(id, attempt)) {
      assertThat(Instant.now()).as(calls.toString()).isBefore(giveUp);
      Thread.sleep(100);
    }
  }

  private int calls(String call) {
    return calls.getOrDefault(call, new AtomicInteger()).get();
  }

  private String act(String name, String input) {
    calls.computeIfAbsent(name + " " + input, any -> new AtomicInteger()).incrementAndGet();
    String outcome = step(name, input);
    outcomes.add(name + " " + input + ": " + outcome);
    return outcome;
  }

  private String step(String name, String input) {
    return switch (name) {
      case "PlanRestore" -> steps.plan(input, CALL);
      case "CountSlice" -> steps.count(input, CALL);
      case "CutRestore" -> steps.cut(input, CALL);
      case "RestoreSlice" -> steps.restore(input, CALL);
      case "FinishRestore" -> steps.finish(input, CALL);
      case "FailRestore" -> steps.fail(input, CALL);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Worker work(BiFunction<String, String, String> activities) {
    RestoreWorkflowFunctions orchestrators = new RestoreWorkflowFunctions();
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", port(), InsecureChannelCredentials.create())
            .build();
    DurableTaskGrpcWorkerBuilder builder = new DurableTaskGrpcWorkerBuilder().grpcChannel(channel);
    builder.addOrchestration(orchestrator("RestoreWorkflow", orchestrators::restore));
    builder.addOrchestration(orchestrator("RestoreSlices", orchestrators::slices));
    for (String name :
        new String[] {
          "PlanRestore", "CountSlice", "CutRestore", "RestoreSlice", "FinishRestore", "FailRestore"
        }) {
      builder.addActivity(activity(name, activities));
    }
    Thread thread = Thread.ofPlatform().daemon().start(builder.build()::startAndBlock);
    return new Worker(channel, thread);
  }

  private static TaskOrchestrationFactory orchestrator(
      String name, Function<TaskOrchestrationContext, String> code) {
    return new TaskOrchestrationFactory() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public TaskOrchestration create() {
        return context -> context.complete(code.apply(context));
      }
    };
  }

  private static TaskActivityFactory activity(
      String name, BiFunction<String, String, String> activities) {
    return new TaskActivityFactory() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public TaskActivity create() {
        return context -> activities.apply(name, context.getInput(String.class));
      }
    };
  }

  private static int port() {
    return Objects.requireNonNull(sidecar).port();
  }

  /** Nothing comes behind it, whoever wakes it. */
  private static void sleepForEver() {
    try {
      Thread.sleep(Duration.ofHours(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Error("the worker is dead");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
