package io.logarchive.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalBucketsTest {
  private static final int ACCOUNT = 1_234_567;
  private static final Duration TICK = Duration.ofMillis(10);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T17:30:00Z"));

  @Test
  void fourInstancesLetAtMostTwiceTheBytesPass() {
    List<LocalBuckets> instances = instances(4, new RatePerSecond(1_000_000, 1_000_000));
    assertThat(bytesOf(Duration.ofSeconds(60), instances, 1_000))
        .as("the first minute, with ten seconds' worth at once")
        .isLessThanOrEqualTo(2 * 70 * 1_000_000L + 4 * 1_000);
    for (int minute = 2; minute <= 5; minute++) {
      assertThat(bytesOf(Duration.ofSeconds(60), instances, 1_000))
          .as("minute %s", minute)
          .isBetween(2 * 60 * 1_000_000L - 4 * 1_000, 2 * 60 * 1_000_000L + 4 * 1_000);
    }
  }

  @Test
  void fourInstancesLetAtMostTwiceTheRequestsPass() {
    List<LocalBuckets> instances = instances(4, new RatePerSecond(100, Integer.MAX_VALUE));
    assertThat(bytesOf(Duration.ofSeconds(60), instances, 1)).isLessThanOrEqualTo(14_004L);
    for (int minute = 2; minute <= 5; minute++) {
      assertThat(bytesOf(Duration.ofSeconds(60), instances, 1))
          .as("minute %s", minute)
          .isBetween(11_996L, 12_004L);
    }
  }

  @Test
  void twoInstancesLetTheWholeRatePassAndOneHalfOfIt() {
    for (int count : List.of(1, 2)) {
      List<LocalBuckets> instances = instances(count, new RatePerSecond(1_000_000, 1_000_000));
      bytesOf(Duration.ofSeconds(60), instances, 1_000);
      assertThat(bytesOf(Duration.ofSeconds(60), instances, 1_000))
          .isBetween(count * 30_000_000L - count * 1_000L, count * 30_000_000L + count * 1_000L);
    }
  }

  @Test
  void aBodyOfAnySizePassesAndIsMadeUpForAfterwards() {
    LocalBuckets buckets = new LocalBuckets(new RatePerSecond(1_000, 1_000), clock);
    assertThat(buckets.take(ACCOUNT, 6_000)).isEmpty();
    assertThat(buckets.take(ACCOUNT, 1)).contains(Duration.ofSeconds(2));
    clock.advance(Duration.ofSeconds(2));
    assertThat(buckets.take(ACCOUNT, 1)).contains(Duration.ZERO);
    clock.advance(Duration.ofMillis(1));
    assertThat(buckets.take(ACCOUNT, 1)).isEmpty();
  }

  @Test
  void aRefusedRequestTakesNothing() {
    LocalBuckets buckets = new LocalBuckets(new RatePerSecond(1_000, 1_000), clock);
    assertThat(buckets.take(ACCOUNT, 5_500)).isEmpty();
    for (int i = 0; i < 100; i++) {
      assertThat(buckets.take(ACCOUNT, 1_000_000)).contains(Duration.ofSeconds(1));
    }
  }

  @Test
  void oneAccountTakesNothingFromAnother() {
    LocalBuckets buckets = new LocalBuckets(new RatePerSecond(1, 1), clock);
    assertThat(buckets.take(ACCOUNT, 1_000)).isEmpty();
    assertThat(buckets.take(ACCOUNT, 1)).isPresent();
    assertThat(buckets.take(ACCOUNT + 1, 1)).isEmpty();
  }

  @Test
  void aClockThatIsSetBackGivesNothing() {
    LocalBuckets buckets = new LocalBuckets(new RatePerSecond(1_000, 1_000), clock);
    assertThat(buckets.take(ACCOUNT, 5_500)).isEmpty();
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofSeconds(-1));
      assertThat(buckets.take(ACCOUNT, 1)).isPresent();
      clock.advance(Duration.ofSeconds(1));
      assertThat(buckets.take(ACCOUNT, 1)).isPresent();
    }
  }

  private List<LocalBuckets> instances(int count, RatePerSecond rate) {
    return IntStream.range(0, count).mapToObj(i -> new LocalBuckets(rate, clock)).toList();
  }

  /** What passes while every instance is asked as often as it says yes. */
  private long bytesOf(Duration time, List<LocalBuckets> instances, int bytes) {
    long passed = 0;
    Instant end = clock.instant().plus(time);
    while (clock.instant().isBefore(end)) {
      for (LocalBuckets instance : instances) {
        while (instance.take(ACCOUNT, bytes).isEmpty()) {
          passed += bytes;
        }
      }
      clock.advance(TICK);
    }
    return passed;
  }
}
