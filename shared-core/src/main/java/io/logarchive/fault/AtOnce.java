package io.logarchive.fault;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Asks a service for many things at once, so that they wait for one answer and not for a sum. */
public final class AtOnce {
  private AtOnce() {}

  /** Does the work for every item, for all at once, as the other does, without a limit. */
  public static <T> void forEach(String operation, Collection<T> items, Consumer<T> work) {
    forEach(operation, Math.max(1, items.size()), items, work);
  }

  /**
   * Does the work for every item, in any order; returns when none is under way any more. If the
   * service fails for one, its {@link ServiceException} is thrown, and what was not begun by then
   * is left.
   *
   * @param operation what the work is called if it is interrupted
   * @param most how many items are worked on at once, at least 1
   * @param work safe for concurrent use
   */
  public static <T> void forEach(
      String operation, int most, Collection<T> items, Consumer<T> work) {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(most, Thread.ofVirtual().factory())) {
      List<? extends Future<?>> all =
          items.stream().map(item -> threads.submit(() -> work.accept(item))).toList();
      try {
        for (Future<?> one : all) {
          one.get();
        }
      } finally {
        all.forEach(one -> one.cancel(false));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ServiceException failure
          ? failure
          : new IllegalStateException(operation + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException.OutcomeUnknown(operation, "Interrupted", null, e);
    }
  }
}
