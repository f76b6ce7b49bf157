package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.SettableClock;
import io.logarchive.testkit.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RecentTest {
  private final SettableClock clock = new SettableClock(Instant.EPOCH);
  private final AtomicInteger made = new AtomicInteger();
  private final Recent<String, Integer> recent = new Recent<>(2, Duration.ofHours(1), clock);

  @Test
  void oneIsMadeOnceUntilItsTimeIsOver() {
    assertThat(Together.run(100, i -> get("a"))).containsOnly(1);
    clock.advance(Duration.ofHours(1).minusNanos(1));
    assertThat(get("a")).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    assertThat(get("a")).isEqualTo(2);
  }

  @Test
  void whatWasNotUsedForLongestMakesRoom() {
    get("a");
    get("b");
    get("a");
    get("c");
    assertThat(get("a")).isEqualTo(1);
    assertThat(get("c")).isEqualTo(3);
    assertThat(get("b")).isEqualTo(4);
  }

  @Test
  void whatFailsIsNotKeptAndAllWhoWaitedAreTold() {
    ServiceException failure =
        new ServiceException.Unavailable("UnwrapKey", "Throttled", null, null);
    assertThat(
            Together.run(
                100,
                i -> {
                  try {
                    return recent.get(
                        "a",
                        () -> {
                          throw failure;
                        });
                  } catch (ServiceException e) {
                    return e == failure ? -1 : -2;
                  }
                }))
        .containsOnly(-1);
    assertThat(get("a")).isEqualTo(1);
  }

  @Test
  void aFaultOfOursIsNoServices() {
    assertThatThrownBy(
            () ->
                recent.get(
                    "a",
                    () -> {
                      throw new IllegalArgumentException("planted");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("planted");
  }

  private int get(String key) {
    return recent.get(key, made::incrementAndGet);
  }
}
