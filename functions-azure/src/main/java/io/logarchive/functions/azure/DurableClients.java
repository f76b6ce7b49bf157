package io.logarchive.functions.azure;

import com.microsoft.durabletask.DurableTaskClient;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import io.logarchive.fault.ServiceException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to Durable Functions, which the host shows to every function that asks for it. One
 * connection is kept for all invocations of a worker.
 */
final class DurableClients {
  private @Nullable DurableTaskClient client;

  /** Takes the way that an invocation was shown, unless one is known. */
  void show(DurableClientContext context) {
    show(context::getClient);
  }

  synchronized void show(Supplier<DurableTaskClient> way) {
    if (client == null) {
      client = way.get();
    }
  }

  /**
   * The client.
   *
   * @throws ServiceException.Unavailable if no function was shown one yet
   */
  synchronized DurableTaskClient client() {
    if (client == null) {
      throw new ServiceException.Unavailable("DurableClient", "NotBound", null, null);
    }
    return client;
  }

  /** Lets the client go, which failed: the next invocation is shown a new one. */
  synchronized void drop(DurableTaskClient failed) {
    if (client == failed) {
      client = null;
      failed.close();
    }
  }
}
