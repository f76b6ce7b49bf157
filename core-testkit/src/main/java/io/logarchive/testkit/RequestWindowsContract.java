package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.limit.RequestWindows;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link RequestWindows} promises. */
public interface RequestWindowsContract {
  RequestWindows requestWindows();

  Instant MINUTE = Instant.parse("2026-11-22T17:30:00Z");

  @Test
  default void aWindowTakesAsManyAsItHoldsAndThenNoMore() {
    String who = "control#" + Samples.id();
    List<Boolean> admitted =
        IntStream.range(0, 5).mapToObj(i -> requestWindows().admit(who, MINUTE, 3)).toList();
    assertThat(admitted).containsExactly(true, true, true, false, false);
  }

  @Test
  default void windowsOfOthersAndOfOtherMinutesAreTheirOwn() {
    String who = "control#" + Samples.id();
    assertThat(requestWindows().admit(who, MINUTE, 1)).isTrue();
    assertThat(requestWindows().admit(who, MINUTE, 1)).isFalse();
    assertThat(requestWindows().admit(who, MINUTE.plusSeconds(60), 1)).isTrue();
    assertThat(requestWindows().admit("control#" + Samples.id(), MINUTE, 1)).isTrue();
    assertThat(requestWindows().admit(who.replace("control", "search"), MINUTE, 1)).isTrue();
  }

  @Test
  default void aLimitThatWasRaisedOrLoweredHoldsAtOnce() {
    String who = "control#" + Samples.id();
    assertThat(requestWindows().admit(who, MINUTE, 1)).isTrue();
    assertThat(requestWindows().admit(who, MINUTE, 2)).isTrue();
    assertThat(requestWindows().admit(who, MINUTE, 1)).isFalse();
  }

  @Test
  default void ofManyAtOnceExactlyAsManyGetInAsTheWindowHolds() {
    String who = "search#" + Samples.id();
    int most = 120;
    List<List<Boolean>> each =
        Together.run(
            40,
            i ->
                IntStream.range(0, 5)
                    .mapToObj(j -> requestWindows().admit(who, MINUTE, most))
                    .toList());
    assertThat(each.stream().flatMap(List::stream).filter(in -> in).count()).isEqualTo(most);
    assertThat(requestWindows().admit(who, MINUTE, most)).isFalse();
  }
}
