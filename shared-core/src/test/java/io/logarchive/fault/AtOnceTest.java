package io.logarchive.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AtOnceTest {
  private static final List<Integer> ITEMS = IntStream.range(0, 1000).boxed().toList();

  @Test
  void everyItemIsDoneAndNoMoreAtOnceThanAllowed() {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    AtomicInteger now = new AtomicInteger();
    AtomicInteger highest = new AtomicInteger();
    AtOnce.forEach(
        "Put",
        8,
        ITEMS,
        item -> {
          highest.accumulateAndGet(now.incrementAndGet(), Math::max);
          sleep();
          now.decrementAndGet();
          done.add(item);
        });
    assertThat(done).containsExactlyInAnyOrderElementsOf(ITEMS);
    assertThat(highest.get()).isBetween(1, 8);
  }

  @Test
  void asManyAsAllowedAreUnderWayTogether() {
    CyclicBarrier all = new CyclicBarrier(8);
    AtOnce.forEach(
        "Put",
        8,
        ITEMS.subList(0, 16),
        item -> {
          try {
            all.await(10, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(all.isBroken()).isFalse();
  }

  @Test
  void oneFailureIsThrownAsItIsAndTheRestIsNotBegun() {
    ServiceException failure = new ServiceException.Unavailable("Put", "SlowDown", null, null);
    AtomicInteger begun = new AtomicInteger();
    assertThatThrownBy(
            () ->
                AtOnce.forEach(
                    "Put",
                    1,
                    ITEMS,
                    item -> {
                      begun.incrementAndGet();
                      if (item == 3) {
                        throw failure;
                      }
                      sleep();
                    }))
        .isSameAs(failure);
    assertThat(begun.get()).isBetween(4, 900);
  }

  @Test
  void aBugIsNoFailureOfAService() {
    assertThatThrownBy(
            () ->
                AtOnce.forEach(
                    "Put",
                    2,
                    ITEMS,
                    item -> {
                      throw new IllegalArgumentException("bug");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Put failed")
        .hasRootCauseMessage("bug");
  }

  @Test
  void whoIsInterruptedDoesNotKnowTheOutcome() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> AtOnce.forEach("Put", 2, ITEMS, item -> sleep()))
        .isInstanceOf(ServiceException.OutcomeUnknown.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void nothingIsDoneForNoItems() {
    AtOnce.forEach("Put", 1, List.of(), item -> sleep());
  }

  private static void sleep() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
