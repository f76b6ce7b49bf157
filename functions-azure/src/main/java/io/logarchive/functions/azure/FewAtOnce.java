package io.logarchive.functions.azure;

import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Refusal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An API that takes few requests at once, and lets others wait. A worker runs as many invocations
 * beside one another as its host hands over, in one heap; a body may take 300 MB of it.
 */
final class FewAtOnce implements Api {
  /** What a request takes that is neither small nor the largest. */
  private static final long BYTES_OF_A_REQUEST = 128L << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int RETRY_SECONDS = 5;

  private final Api api;
  private final Semaphore places;
  private final Duration patience;

  /**
   * @param patience how long a request waits before it is refused with {@code 503}
   */
  FewAtOnce(Api api, int atOnce, Duration patience) {
    this.api = api;
    this.places = new Semaphore(atOnce, true);
    this.patience = patience;
  }

  /** As many as this JVM has room for, and at least one. */
  static FewAtOnce ofThisHeap(Api api) {
    long room = Runtime.getRuntime().maxMemory() / BYTES_OF_A_REQUEST;
    return new FewAtOnce(api, Math.clamp(room, 1, 32), PATIENCE);
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    if (!hasPlace()) {
      return Refusal.later(
              "UNAVAILABLE", "Too many bodies at once: send this one again", RETRY_SECONDS)
          .reply(request.id());
    }
    try {
      return api.handle(request);
    } finally {
      places.release();
    }
  }

  private boolean hasPlace() {
    try {
      return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public Set<String> operations() {
    return api.operations();
  }
}
