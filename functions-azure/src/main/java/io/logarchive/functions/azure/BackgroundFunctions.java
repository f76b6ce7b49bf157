package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import com.microsoft.durabletask.azurefunctions.DurableClientInput;

/** What runs by the clock, or because an event came. */
public final class BackgroundFunctions {
  static final String QUEUE = "restore-requests";
  private static final String TIMER = "timer";

  private final AzureWiring wiring;

  /** For the host, which makes one for each invocation. */
  public BackgroundFunctions() {
    this(AzureWiring.ofWorker());
  }

  public BackgroundFunctions(AzureWiring wiring) {
    this.wiring = wiring;
  }

  /** Removes restored accounts that are due. Runs every five minutes. */
  @FunctionName("ExpireRestores")
  public void expire(
      @TimerTrigger(name = TIMER, schedule = "0 */5 * * * *") String timer,
      ExecutionContext context) {
    wiring.run(context, wiring.expireRestores()::run);
  }

  /** Starts restores again whose workflow is gone. Runs every minute. */
  @FunctionName("SweepRestores")
  public void sweep(
      @TimerTrigger(name = TIMER, schedule = "30 * * * * *") String timer,
      @DurableClientInput(name = AzureWiring.DURABLE) DurableClientContext durable,
      ExecutionContext context) {
    wiring.durable().show(durable);
    wiring.run(context, wiring.sweepRestores()::run);
  }

  /** Removes what is kept for a time only, once it is over. Runs every night. */
  @FunctionName("RemoveExpired")
  public void removeExpired(
      @TimerTrigger(name = TIMER, schedule = "0 40 2 * * *") String timer,
      @DurableClientInput(name = AzureWiring.DURABLE) DurableClientContext durable,
      ExecutionContext context) {
    wiring.durable().show(durable);
    wiring.run(context, wiring::removeExpired);
  }

  /**
   * Starts a restore for an event in the queue: {@code {"id": …, "data": {"accountId": …, …}}},
   * whose data is what {@code POST /archive/restore} takes, and {@code accountId}. The same event
   * twice starts one restore; one that cannot start goes to the queue of the same name with {@code
   * -poison} behind.
   */
  @FunctionName("RestoreRequested")
  public void restoreRequested(
      @QueueTrigger(name = "message", queueName = QUEUE, connection = "AzureWebJobsStorage")
          String message,
      @DurableClientInput(name = AzureWiring.DURABLE) DurableClientContext durable,
      ExecutionContext context) {
    wiring.durable().show(durable);
    wiring.run(context, () -> RestoreRequests.start(message, wiring.startRequestedRestore()));
  }
}
