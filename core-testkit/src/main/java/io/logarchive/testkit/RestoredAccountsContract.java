package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.restore.RestoredAccounts.SearchOutcome;
import io.logarchive.restore.RestoredLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link RestoredAccounts} promises. */
public interface RestoredAccountsContract {
  /** Raw bytes of a small restore. */
  long FEW_BYTES = 100_000;

  /** More than any reply of these tests has. */
  int MANY_BYTES = 10_000_000;

  /** The engine may have a clock of its own. */
  Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  RestoredAccounts restoredAccounts();

  @Test
  default void anAccountHoldsWhatWasWritten() {
    Uid uid = created();
    restoredAccounts().sink(uid).write(Samples.logs(0, 100));
    restoredAccounts().sink(uid).write(Samples.logs(100, 150));
    assertThat(restoredAccounts().refresh(uid)).isEqualTo(150);
  }

  @Test
  default void aNewAccountIsEmpty() {
    assertThat(restoredAccounts().refresh(created())).isZero();
  }

  @Test
  default void writingNothingIsFine() {
    Uid uid = created();
    assertThat(restoredAccounts().sink(uid).write(List.of())).isZero();
    assertThat(restoredAccounts().refresh(uid)).isZero();
  }

  @Test
  default void theSameLogsWrittenAgainAreTheSameLogs() {
    Uid uid = created();
    RestoreSink sink = restoredAccounts().sink(uid);
    sink.write(Samples.logs(0, 60));
    sink.write(Samples.logs(40, 100));
    assertThat(restoredAccounts().refresh(uid)).isEqualTo(100);
  }

  @Test
  default void severalMayWriteTheSameLogsAtOnce() {
    Uid uid = created();
    RestoreSink sink = restoredAccounts().sink(uid);
    Together.run(8, i -> sink.write(Samples.logs(i * 20, i * 20 + 60)));
    assertThat(restoredAccounts().refresh(uid)).isEqualTo(200);
  }

  @Test
  default void aLineThatIsNoObjectIsKept() {
    Uid uid = created();
    List<RestoredLog> logs = new ArrayList<>(Samples.logs(0, 3));
    logs.add(Samples.plainLine(3));
    restoredAccounts().sink(uid).write(logs);
    assertThat(restoredAccounts().refresh(uid)).isEqualTo(4);
  }

  @Test
  default void creatingAnAccountAgainLeavesItAsItIs() {
    Uid uid = created();
    restoredAccounts().sink(uid).write(Samples.logs(0, 10));
    restoredAccounts().create(uid, 50 * FEW_BYTES);
    assertThat(restoredAccounts().refresh(uid)).isEqualTo(10);
  }

  @Test
  default void severalMayCreateTheSameAccountAtOnce() {
    Uid uid = Samples.uid();
    Together.run(
        4,
        i -> {
          restoredAccounts().create(uid, FEW_BYTES);
          return restoredAccounts().sink(uid).write(Samples.logs(i, i + 1));
        });
    assertThat(restoredAccounts().refresh(uid)).isEqualTo(4);
  }

  @Test
  default void aWriteToAnAccountThatNeverWasCreatesNothing() {
    Uid uid = Samples.uid();
    assertThatThrownBy(() -> restoredAccounts().sink(uid).write(Samples.logs(0, 5)))
        .isInstanceOf(ServiceException.NotFound.class);
    assertThat(restoredAccounts().list()).doesNotContainKey(uid);
  }

  @Test
  default void aWriteAfterTheDeletionCreatesNothing() {
    Uid uid = created();
    RestoreSink sink = restoredAccounts().sink(uid);
    sink.write(Samples.logs(0, 5));
    restoredAccounts().delete(uid);
    assertThatThrownBy(() -> sink.write(Samples.logs(5, 10)))
        .isInstanceOf(ServiceException.NotFound.class);
    assertThat(restoredAccounts().list()).doesNotContainKey(uid);
    assertThatThrownBy(() -> restoredAccounts().refresh(uid))
        .isInstanceOf(ServiceException.NotFound.class);
  }

  @Test
  default void aClosedAccountTakesNoMoreAndKeepsWhatItHolds() {
    Uid uid = created();
    RestoreSink sink = restoredAccounts().sink(uid);
    sink.write(Samples.logs(0, 5));
    restoredAccounts().close(uid);
    restoredAccounts().close(uid);
    restoredAccounts().close(Samples.uid());
    assertThatThrownBy(() -> sink.write(Samples.logs(5, 10)))
        .isInstanceOf(ServiceException.NotFound.class);
    assertThat(restoredAccounts().refresh(uid)).isEqualTo(5);
    assertThat(restoredAccounts().list()).containsKey(uid);
  }

  @Test
  default void refreshOfAnAbsentAccountIsNotFound() {
    assertThatThrownBy(() -> restoredAccounts().refresh(Samples.uid()))
        .isInstanceOf(ServiceException.NotFound.class);
  }

  @Test
  default void deletingAnAbsentAccountIsFine() {
    Uid uid = created();
    restoredAccounts().delete(uid);
    restoredAccounts().delete(uid);
    restoredAccounts().delete(Samples.uid());
    assertThat(restoredAccounts().list()).doesNotContainKey(uid);
  }

  @Test
  default void theListHoldsAllAccountsThatAreThere() {
    Uid kept = created();
    Uid deleted = created();
    Uid another = created();
    restoredAccounts().delete(deleted);
    assertThat(restoredAccounts().list()).containsKeys(kept, another).doesNotContainKey(deleted);
  }

  @Test
  default void theListTellsWhenAnAccountWasMade() {
    Instant before = Instant.now();
    Uid uid = created();
    Instant madeAt = restoredAccounts().list().get(uid);
    assertThat(madeAt).isBetween(before.minus(CLOCKS_DIFFER), Instant.now().plus(CLOCKS_DIFFER));
    restoredAccounts().create(uid, FEW_BYTES);
    assertThat(restoredAccounts().list()).containsEntry(uid, madeAt);
  }

  @Test
  default void accountsAreApart() {
    Uid one = created();
    Uid other = created();
    restoredAccounts().sink(one).write(Samples.logs(0, 3));
    restoredAccounts().sink(other).write(Samples.logs(0, 7));
    assertThat(restoredAccounts().refresh(one)).isEqualTo(3);
    assertThat(restoredAccounts().refresh(other)).isEqualTo(7);
    restoredAccounts().delete(one);
    assertThat(restoredAccounts().refresh(other)).isEqualTo(7);
  }

  @Test
  default void aSearchSaysFromWhichAccountEachHitIs() {
    Uid one = created();
    Uid other = created();
    Uid notAsked = created();
    for (Uid uid : List.of(one, other, notAsked)) {
      restoredAccounts().sink(uid).write(Samples.logs(0, 3));
      restoredAccounts().refresh(uid);
    }
    assertThat(hitIndices(List.of(one, other)))
        .containsExactlyInAnyOrder(
            one.value(), one.value(), one.value(), other.value(), other.value(), other.value());
    assertThat(hitIndices(List.of(notAsked)))
        .containsExactly(notAsked.value(), notAsked.value(), notAsked.value());
  }

  @Test
  default void anAbsentAccountIsSearchedAsAnEmptyOne() {
    Uid there = created();
    restoredAccounts().sink(there).write(Samples.logs(0, 3));
    restoredAccounts().refresh(there);
    Uid removed = created();
    restoredAccounts().delete(removed);
    assertThat(hitIndices(List.of(there, Samples.uid(), removed)))
        .containsExactly(there.value(), there.value(), there.value());
    assertThat(hitIndices(List.of(Samples.uid(), removed))).isEmpty();
  }

  @Test
  default void hitsBehindTheMostBytesAreLeftOut() {
    Uid uid = created();
    restoredAccounts().sink(uid).write(Samples.logs(0, 80));
    restoredAccounts().refresh(uid);
    int all = hits(found(List.of(uid), MANY_BYTES)).size();
    assertThat(all).isEqualTo(80);
    SearchOutcome.Found cut = found(List.of(uid), 4_000);
    assertThat(cut.cut()).isTrue();
    assertThat(hits(cut)).isNotEmpty().hasSizeLessThan(80);
    assertThat(found(List.of(uid), MANY_BYTES).cut()).isFalse();
  }

  @Test
  default void aBodyThatTheEngineDoesNotUnderstandIsRefusedWithAReason() {
    Uid uid = created();
    JsonObject body =
        Json.object("{\"query\":{\"no_such_query\":{}}}".getBytes(StandardCharsets.UTF_8));
    SearchOutcome outcome = restoredAccounts().search(List.of(uid), body, MANY_BYTES);
    assertThat(outcome).isInstanceOf(SearchOutcome.Refused.class);
    assertThat(((SearchOutcome.Refused) outcome).reason()).isNotBlank();
  }

  private Uid created() {
    Uid uid = Samples.uid();
    restoredAccounts().create(uid, FEW_BYTES);
    return uid;
  }

  private List<String> hitIndices(List<Uid> uids) {
    List<String> indices = new ArrayList<>();
    for (JsonValue hit : hits(found(uids, MANY_BYTES))) {
      if (hit instanceof JsonObject object
          && object.members().get("_index") instanceof JsonValue.Text index) {
        indices.add(index.value());
      }
    }
    return indices;
  }

  private SearchOutcome.Found found(List<Uid> uids, int mostHitBytes) {
    return (SearchOutcome.Found) restoredAccounts().search(uids, everything(), mostHitBytes);
  }

  private static List<JsonValue> hits(SearchOutcome.Found found) {
    return found.reply().members().get("hits") instanceof JsonObject hits
            && hits.members().get("hits") instanceof JsonValue.Array each
        ? each.values()
        : List.of();
  }

  private static JsonObject everything() {
    return Json.object(
        "{\"query\":{\"match_all\":{}},\"size\":100}".getBytes(StandardCharsets.UTF_8));
  }
}
