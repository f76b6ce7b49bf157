package io.logarchive.functions.azure;

import com.microsoft.durabletask.DurableTaskClient;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import io.logarchive.fault.ServiceException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to Durable Functions, which the host shows to every function that asks for it. One
 * connection is kept for all invocations of a worker, made when it is first used.
 */
final class DurableClients {
  private @Nullable Supplier<DurableTaskClient> way;
  private @Nullable DurableTaskClient client;

  /** Takes the way that an invocation was shown, for the next connection. */
  void show(DurableClientContext context) {
    show(context::getClient);
  }

  synchronized void show(Supplier<DurableTaskClient> shown) {
    way = shown;
  }

  /**
   * The client.
   *
   * @throws ServiceException.Unavailable if no function was shown the way to one yet, or the host
   *     did not say where it leads
   */
  synchronized DurableTaskClient client() {
    if (client == null) {
      if (way == null) {
        throw new ServiceException.Unavailable("DurableClient", "NotBound", null, null);
      }
      try {
        client = way.get();
      } catch (IllegalStateException e) {
        throw new ServiceException.Unavailable("DurableClient", "NoAddress", null, e);
      }
    }
    return client;
  }

  /** Lets go the client that failed: the next one is made on the way that was shown last. */
  void drop(DurableTaskClient failed) {
    synchronized (this) {
      if (client != failed) {
        return;
      }
      client = null;
    }
    failed.close();
  }
}
