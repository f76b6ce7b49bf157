package io.logarchive.functions.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FewAtOnceTest {
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  void noMoreThanItHasPlacesForAreInsideAndAllGetTheirTurn() throws Exception {
    FewAtOnce few = new FewAtOnce(api(5), 2, Duration.ofSeconds(30));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> call = () -> few.handle(request()).status();
      for (Future<Integer> called : threads.invokeAll(Collections.nCopies(40, call))) {
        assertThat(called.get()).isEqualTo(200);
      }
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void whoWaitsTooLongIsToldToComeAgainAndAPlaceThatFailedIsFree() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    FewAtOnce few =
        new FewAtOnce(
            new Stub(
                () -> {
                  entered.countDown();
                  leave.await(30, TimeUnit.SECONDS);
                  throw new IllegalStateException("planted");
                }),
            1,
            Duration.ofMillis(50));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ApiResponse> first = threads.submit(() -> few.handle(request()));
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

      ApiResponse second = few.handle(request());

      assertThat(second.status()).isEqualTo(503);
      assertThat(second.headers()).containsEntry("Retry-After", "5");
      leave.countDown();
      assertThat(first).failsWithin(Duration.ofSeconds(30));
      assertThat(new FewAtOnce(api(0), 1, Duration.ZERO).handle(request()).status()).isEqualTo(200);
      Future<ApiResponse> third = threads.submit(() -> few.handle(request()));
      assertThat(third).failsWithin(Duration.ofSeconds(30));
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private record Stub(Work work) implements Api {
    @Override
    public ApiResponse handle(ApiRequest request) {
      try {
        work.run();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return ApiResponse.empty(200);
    }

    @Override
    public Set<String> operations() {
      return Set.of();
    }
  }

  private Api api(long millis) {
    return new Stub(
        () -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          Thread.sleep(millis);
          inside.decrementAndGet();
        });
  }

  private static ApiRequest request() {
    return new ApiRequest("POST", "/", Map.of(), Map.of(), new byte[0], true, "r-1");
  }
}
