package io.logarchive.local;

import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import io.logarchive.functions.azure.AzureWiring;
import io.logarchive.functions.azure.BackgroundFunctions;
import io.logarchive.functions.azure.HttpFunctions;
import io.logarchive.functions.azure.IngestFunctions;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The functions on Azure, called as the Functions host does. */
final class HostFunctions implements Functions {
  private static final String TIMER = "{}";

  private final LocalWiring machine;
  private final LocalRestoreWorkflow workflow;
  private final Endpoint front;
  private final BackgroundFunctions background;

  private HostFunctions(AzureWiring wiring, LocalRestoreWorkflow workflow, LocalWiring machine) {
    this.machine = machine;
    this.workflow = workflow;
    this.front =
        new HostEndpoint(
            DurableClientContext::new, new HttpFunctions(wiring), new IngestFunctions(wiring));
    this.background = new BackgroundFunctions(wiring);
  }

  /**
   * Makes them.
   *
   * @param azureHttp makes what calls Azure
   */
  static HostFunctions of(
      Map<String, String> environment,
      Supplier<HttpClient.Builder> azureHttp,
      LocalWiring machine,
      int slicesAtOnce) {
    AtomicReference<LocalRestoreWorkflow> workflow = new AtomicReference<>();
    AzureWiring wiring = AzureWiring.of(environment, azureHttp, own -> workflow.get());
    workflow.set(new LocalRestoreWorkflow(new HostSteps(wiring, machine), slicesAtOnce));
    return new HostFunctions(wiring, workflow.get(), machine);
  }

  @Override
  public Endpoint front() {
    return front;
  }

  @Override
  public String octets() {
    return "/octets";
  }

  @Override
  public void close() {
    workflow.close();
  }

  @Override
  public void sweepRestores() {
    background.sweep(TIMER, new DurableClientContext(), call("SweepRestores"));
  }

  @Override
  public void expireRestores() {
    background.expire(TIMER, call("ExpireRestores"));
  }

  private HostCall call(String function) {
    return new HostCall(function, machine.requestId());
  }
}
