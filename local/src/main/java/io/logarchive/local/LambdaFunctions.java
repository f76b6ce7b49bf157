package io.logarchive.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.logarchive.functions.aws.AccountsHandler;
import io.logarchive.functions.aws.ArchiveSettingsHandler;
import io.logarchive.functions.aws.AwsWiring;
import io.logarchive.functions.aws.ExpireRestoresHandler;
import io.logarchive.functions.aws.HealthHandler;
import io.logarchive.functions.aws.IngestHandler;
import io.logarchive.functions.aws.RestoreHandler;
import io.logarchive.functions.aws.SearchHandler;
import io.logarchive.functions.aws.SweepRestoresHandler;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The functions on AWS: handlers that are called with Lambda's events. */
final class LambdaFunctions implements Functions {
  private static final Duration HTTP_TIME_LIMIT = Duration.ofSeconds(30);
  private static final Duration STEP_TIME_LIMIT = Duration.ofMinutes(15);

  private final LocalWiring machine;
  private final LocalRestoreWorkflow workflow;
  private final Endpoint front;
  private final SweepRestoresHandler sweepRestores;
  private final ExpireRestoresHandler expireRestores;

  private LambdaFunctions(
      AwsWiring wiring, Endpoint front, LocalRestoreWorkflow workflow, LocalWiring machine) {
    this.machine = machine;
    this.workflow = workflow;
    this.front = front;
    this.sweepRestores = new SweepRestoresHandler(wiring);
    this.expireRestores = new ExpireRestoresHandler(wiring);
  }

  /**
   * Makes them.
   *
   * @param azureHttp makes what calls Azure
   */
  static LambdaFunctions of(
      Map<String, String> environment,
      Supplier<HttpClient.Builder> azureHttp,
      LocalWiring machine,
      int slicesAtOnce) {
    AtomicReference<LocalRestoreWorkflow> workflow = new AtomicReference<>();
    AwsWiring wiring =
        AwsWiring.of(
            environment,
            azureHttp,
            own -> {
              workflow.set(
                  new LocalRestoreWorkflow(
                      new LambdaSteps(own, machine, STEP_TIME_LIMIT), slicesAtOnce));
              return workflow.get();
            });
    Endpoint front = new Front(wiring, machine);
    return new LambdaFunctions(wiring, front, workflow.get(), machine);
  }

  @Override
  public Endpoint front() {
    return front;
  }

  @Override
  public String octets() {
    return "/";
  }

  @Override
  public void close() {
    workflow.close();
  }

  @Override
  public void sweepRestores() {
    call("SweepRestores", sweepRestores);
  }

  @Override
  public void expireRestores() {
    call("ExpireRestores", expireRestores);
  }

  private void call(String name, RequestHandler<ScheduledEvent, @Nullable Void> function) {
    function.handleRequest(
        new ScheduledEvent(),
        new LambdaCall(
            name,
            machine.requestId(),
            machine.clock().instant().plus(STEP_TIME_LIMIT),
            machine.clock()));
  }

  /** Which function answers which path: the gateway's part. */
  private static final class Front implements Endpoint {
    private final Endpoint accounts;
    private final Endpoint settings;
    private final Endpoint restores;
    private final Endpoint search;
    private final Endpoint ingest;
    private final Endpoint health;

    Front(AwsWiring wiring, LocalWiring machine) {
      this.accounts = restApi("Accounts", new AccountsHandler(wiring), machine);
      this.settings = restApi("ArchiveSettings", new ArchiveSettingsHandler(wiring), machine);
      this.restores = restApi("Restore", new RestoreHandler(wiring), machine);
      this.search = restApi("Search", new SearchHandler(wiring), machine);
      this.health = restApi("Health", new HealthHandler(wiring), machine);
      this.ingest =
          new LambdaEndpoint(
              "Ingest",
              new IngestHandler(wiring),
              LambdaEvents::functionUrl,
              HTTP_TIME_LIMIT,
              machine.clock());
    }

    @Override
    public Reply answer(Request request) {
      return endpoint(request.path()).answer(request);
    }

    private Endpoint endpoint(String path) {
      if (path.isEmpty() || path.equals("/")) {
        return ingest;
      }
      if (path.startsWith("/v1/account-management/") || path.equals("/v1/audit")) {
        return accounts;
      }
      if (path.startsWith("/v2/archive/settings")) {
        return settings;
      }
      if (path.startsWith("/archive/restore")) {
        return restores;
      }
      return path.equals("/v1/search") || path.equals("/v1/scroll") ? search : health;
    }

    private static Endpoint restApi(
        String name, RequestStreamHandler handler, LocalWiring machine) {
      return new LambdaEndpoint(
          name, handler, LambdaEvents::restApi, HTTP_TIME_LIMIT, machine.clock());
    }
  }
}
