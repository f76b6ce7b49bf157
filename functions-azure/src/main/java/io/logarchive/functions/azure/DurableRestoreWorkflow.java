package io.logarchive.functions.azure;

import com.microsoft.durabletask.DurableTaskClient;
import com.microsoft.durabletask.OrchestrationMetadata;
import com.microsoft.durabletask.OrchestrationRuntimeStatus;
import com.microsoft.durabletask.PurgeInstanceCriteria;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.logarchive.fault.ServiceException;
import io.logarchive.restore.RestoreWorkflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs restores as orchestrations of Durable Functions, each named {@code <restore id>-<attempt>}.
 * They are known until {@link #forget} after their end.
 */
final class DurableRestoreWorkflow implements RestoreWorkflow {
  private final DurableClients clients;

  DurableRestoreWorkflow(DurableClients clients) {
    this.clients = clients;
  }

  @Override
  public void start(int restoreId, int attempt) {
    String name = name(restoreId, attempt);
    if (find(name).isPresent()) {
      return;
    }
    call(
        "StartOrchestration",
        ServiceException.OutcomeUnknown::new,
        client -> {
          try {
            return client.scheduleNewOrchestrationInstance(
                RestoreOrchestration.WORKFLOW, StepText.of(restoreId, attempt), name);
          } catch (StatusRuntimeException e) {
            if (found(client, name).isPresent()) {
              return name; // Somebody else started it in the meantime.
            }
            throw e;
          }
        });
  }

  @Override
  public boolean isRunning(int restoreId, int attempt) {
    return find(name(restoreId, attempt)).filter(found -> !found.isCompleted()).isPresent();
  }

  /** Forgets orchestrations that were started before this and have ended. */
  void forget(Instant before) {
    call(
        "PurgeInstances",
        ServiceException.Unavailable::new,
        client -> {
          try {
            return client.purgeInstances(
                new PurgeInstanceCriteria()
                    .setCreatedTimeFrom(Instant.EPOCH)
                    .setCreatedTimeTo(before)
                    .setTimeout(Duration.ofMinutes(2))
                    .setRuntimeStatusList(
                        List.of(
                            OrchestrationRuntimeStatus.COMPLETED,
                            OrchestrationRuntimeStatus.FAILED,
                            OrchestrationRuntimeStatus.TERMINATED)));
          } catch (TimeoutException e) {
            throw Status.DEADLINE_EXCEEDED.withCause(e).asRuntimeException();
          }
        });
  }

  private Optional<OrchestrationMetadata> find(String name) {
    return call("GetInstance", ServiceException.Unavailable::new, client -> found(client, name));
  }

  private static Optional<OrchestrationMetadata> found(DurableTaskClient client, String name) {
    return Optional.ofNullable(client.getInstanceMetadata(name, false))
        .filter(OrchestrationMetadata::isInstanceFound);
  }

  /** How a kind of failure is made. */
  @FunctionalInterface
  private interface Failure {
    ServiceException of(
        String operation, String code, @Nullable String requestId, @Nullable Throwable cause);
  }

  private <T> T call(String operation, Failure failure, Function<DurableTaskClient, T> work) {
    DurableTaskClient client = clients.client();
    try {
      return work.apply(client);
    } catch (StatusRuntimeException e) {
      clients.drop(client);
      throw failure.of(operation, e.getStatus().getCode().name(), null, e);
    }
  }

  private static String name(int restoreId, int attempt) {
    return restoreId + "-" + attempt;
  }
}
