package io.logarchive.functions.azure;

import static io.logarchive.service.ServiceWiring.once;

import com.microsoft.azure.functions.ExecutionContext;
import io.logarchive.functions.InvocationMetrics;
import io.logarchive.functions.Invocations;
import io.logarchive.http.Api;
import io.logarchive.http.CountedApi;
import io.logarchive.http.LogContext;
import io.logarchive.restore.CountSlice;
import io.logarchive.restore.CutRestore;
import io.logarchive.restore.ExpireRestores;
import io.logarchive.restore.FailRestore;
import io.logarchive.restore.FinishRestore;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.StartRequestedRestore;
import io.logarchive.restore.SweepRestores;
import io.logarchive.service.ServiceWiring;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The service on Azure: its adapters there, and what each invocation needs around it. A worker has
 * one, and all its invocations use it at once: the host makes the functions themselves anew for
 * each.
 */
public final class AzureWiring {
  /** As {@code host.json} has it. */
  static final Duration FUNCTION_TIMEOUT = Duration.ofMinutes(10);

  /** How functions call the binding to Durable Functions. */
  static final String DURABLE = "durable";

  private static final Supplier<AzureWiring> WORKER = once(() -> ofEnvironment(System.getenv()));

  private final ServiceWiring service;
  private final InvocationMetrics metrics;
  private final Invocations invocations;
  private final DurableClients durable;
  private final Runnable removeExpired;
  private final Supplier<HttpFunction> accounts;
  private final Supplier<HttpFunction> archiveSettings;
  private final Supplier<HttpFunction> restores;
  private final Supplier<HttpFunction> search;
  private final Supplier<HttpFunction> ingest;
  private final Supplier<HttpFunction> health;
  private final Supplier<StartRequestedRestore> startRequestedRestore;
  private final Supplier<PlanRestore> planRestore;
  private final Supplier<CountSlice> countSlice;
  private final Supplier<CutRestore> cutRestore;
  private final Supplier<RestoreSlice> restoreSlice;
  private final Supplier<FinishRestore> finishRestore;
  private final Supplier<FailRestore> failRestore;
  private final Supplier<ExpireRestores> expireRestores;
  private final Supplier<SweepRestores> sweepRestores;

  /**
   * @param metrics of all invocations of the worker: lines of invocations that run at once may tell
   *     each other's
   * @param removeExpired removes what is kept for a time only
   */
  AzureWiring(
      ServiceWiring service,
      InvocationMetrics metrics,
      DurableClients durable,
      Runnable removeExpired) {
    this.service = service;
    this.metrics = metrics;
    this.invocations = new Invocations(service.clock(), metrics, "invocationId");
    this.durable = durable;
    this.removeExpired = removeExpired;
    this.accounts = http(service::accountsApi);
    this.archiveSettings = http(service::archiveSettingsApi);
    this.restores = http(service::restoreApi);
    this.search = http(service::searchApi);
    this.ingest = http(service::ingestApi);
    this.health = http(service::healthApi);
    this.startRequestedRestore = once(service::startRequestedRestore);
    this.planRestore = once(service::planRestore);
    this.countSlice = once(service::countSlice);
    this.cutRestore = once(service::cutRestore);
    this.restoreSlice = once(service::restoreSlice);
    this.finishRestore = once(service::finishRestore);
    this.failRestore = once(service::failRestore);
    this.expireRestores = once(service::expireRestores);
    this.sweepRestores = once(service::sweepRestores);
  }

  /**
   * The worker's own, of the process's environment.
   *
   * @throws IllegalArgumentException naming every key with a problem, at each call
   */
  static AzureWiring ofWorker() {
    return WORKER.get();
  }

  private Supplier<HttpFunction> http(Supplier<Api> api) {
    return once(
        () -> new HttpFunction(new CountedApi(new WholeBodies(api.get()), metrics), invocations));
  }

  InstantSource clock() {
    return service.clock();
  }

  DurableClients durable() {
    return durable;
  }

  HttpFunction accounts() {
    return accounts.get();
  }

  HttpFunction archiveSettings() {
    return archiveSettings.get();
  }

  HttpFunction restores() {
    return restores.get();
  }

  HttpFunction search() {
    return search.get();
  }

  HttpFunction ingest() {
    return ingest.get();
  }

  HttpFunction health() {
    return health.get();
  }

  StartRequestedRestore startRequestedRestore() {
    return startRequestedRestore.get();
  }

  PlanRestore planRestore() {
    return planRestore.get();
  }

  CountSlice countSlice() {
    return countSlice.get();
  }

  CutRestore cutRestore() {
    return cutRestore.get();
  }

  RestoreSlice restoreSlice() {
    return restoreSlice.get();
  }

  FinishRestore finishRestore() {
    return finishRestore.get();
  }

  FailRestore failRestore() {
    return failRestore.get();
  }

  ExpireRestores expireRestores() {
    return expireRestores.get();
  }

  SweepRestores sweepRestores() {
    return sweepRestores.get();
  }

  void removeExpired() {
    removeExpired.run();
  }

  /** Runs what is nobody's request, with a line in the log. */
  void run(ExecutionContext context, Runnable work) {
    invocations.run(
        Calls.of(context),
        line -> {
          work.run();
          return line;
        });
  }

  /** Runs a step of a restore, with a line in the log. */
  StepText.Outcome step(ExecutionContext context, int restoreId, Supplier<StepText.Outcome> step) {
    AtomicReference<StepText.Outcome> outcome = new AtomicReference<>();
    invocations.run(
        Calls.of(context),
        line -> {
          LogContext.restore(restoreId);
          outcome.setPlain(step.get());
          return line.addKeyValue("output", outcome.getPlain().kind());
        });
    return outcome.getPlain();
  }

  private static AzureWiring ofEnvironment(Map<String, String> environment) {
    AzureConfig config = AzureConfig.of(environment);
    throw new IllegalStateException("later " + config);
  }
}
