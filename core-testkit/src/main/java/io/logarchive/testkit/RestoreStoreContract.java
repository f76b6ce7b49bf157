package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.audit.AuditEntry;
import io.logarchive.restore.Position;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStatus;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.RestoreStore.Created;
import io.logarchive.restore.SliceProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link RestoreStore} promises. */
public interface RestoreStoreContract extends DeploymentStores {
  /** How many restores a page of {@link RestoreStore#live} holds in these tests. */
  int PAGE_SIZE = 2;

  Instant NOW = Instant.parse("2026-11-22T17:00:00.123456Z");

  /** How long {@link RestoreStore#live} may be behind. */
  Duration BEHIND = Duration.ofSeconds(30);

  @Test
  default void aRestoreReadsBackAsItWasCreated() {
    Restore bare = Samples.restore(Samples.id(), Samples.id(), NOW);
    Restore full = Samples.fullRestore(Samples.id(), Samples.id());
    for (Restore restore : List.of(bare, full)) {
      assertThat(restoreStore().create(restore, firstSlots(restore), Samples.started(restore)))
          .isEqualTo(Created.YES);
      assertThat(restoreStore().find(restore.id())).contains(restore);
      assertThat(restoreStore().history(restore.accountId(), null, 10)).containsExactly(restore);
    }
  }

  @Test
  default void slotsComeWithTheRestore() {
    int accountId = Samples.id();
    assertThat(restoreStore().slots(accountId)).isEqualTo(RestoreSlots.none(accountId));
    Restore first = Samples.restore(Samples.id(), accountId, NOW);
    Restore second = Samples.fullRestore(Samples.id(), accountId);
    RestoreSlots one = Samples.with(RestoreSlots.none(accountId), first);
    RestoreSlots two = Samples.with(one, second);
    assertThat(restoreStore().create(first, one, Samples.started(first))).isEqualTo(Created.YES);
    assertThat(restoreStore().slots(accountId)).isEqualTo(one);
    assertThat(restoreStore().create(second, two, Samples.started(second))).isEqualTo(Created.YES);
    assertThat(restoreStore().slots(accountId)).isEqualTo(two);
  }

  @Test
  default void whatIsNotThereIsEmpty() {
    assertThat(restoreStore().find(Samples.id())).isEmpty();
    assertThat(restoreStore().history(Samples.id(), null, 10)).isEmpty();
    assertThat(restoreStore().progress(Samples.uid(), 0)).isEmpty();
    assertThat(restoreStore().progress(Samples.uid())).isEmpty();
  }

  @Test
  default void anIdOfSomethingElseIsNoRestore() {
    int id = Samples.id();
    assertThat(accountStore().create(Samples.account(id), List.of(), Samples.changed(id))).isTrue();
    assertThat(restoreStore().find(id)).isEmpty();
  }

  @Test
  default void nothingIsCreatedWhenTheSlotsChanged() {
    Restore first = created();
    int accountId = first.accountId();
    RestoreSlots stored = restoreStore().slots(accountId);
    for (long version : List.of(1L, 3L)) {
      Restore late = Samples.restore(Samples.id(), accountId, NOW);
      RestoreSlots slots = new RestoreSlots(accountId, List.of(), version);
      assertThat(restoreStore().create(late, slots, Samples.started(late)))
          .isEqualTo(Created.SLOTS_CHANGED);
      assertThat(restoreStore().find(late.id())).isEmpty();
      assertThat(
              accountStore()
                  .create(Samples.account(late.id()), List.of(), Samples.changed(late.id())))
          .isTrue();
    }
    assertThat(restoreStore().slots(accountId)).isEqualTo(stored);
    assertThat(restoreStore().history(accountId, null, 10)).containsExactly(first);
  }

  @Test
  default void ofManyThatTakeASlotAtOnceExactlyOneWins() {
    int accountId = Samples.id();
    List<Restore> restores =
        IntStream.range(0, 16)
            .mapToObj(i -> Samples.restore(Samples.id(), accountId, NOW))
            .toList();

    List<Created> created =
        Together.run(16, i -> create(restores.get(i), firstSlots(restores.get(i))));

    assertThat(created)
        .containsOnlyOnce(Created.YES)
        .containsOnly(Created.YES, Created.SLOTS_CHANGED);
    Restore winner = restores.get(created.indexOf(Created.YES));
    assertThat(restoreStore().slots(accountId)).isEqualTo(firstSlots(winner));
    assertThat(restoreStore().history(accountId, null, 100)).containsExactly(winner);
  }

  @Test
  default void ofManyWithOneIdAtOnceExactlyOneIsCreated() {
    int id = Samples.id();
    List<Restore> restores =
        IntStream.range(0, 8).mapToObj(i -> Samples.restore(id, Samples.id(), NOW)).toList();

    List<Created> created =
        Together.run(8, i -> create(restores.get(i), firstSlots(restores.get(i))));

    assertThat(created).containsOnlyOnce(Created.YES).containsOnly(Created.YES, Created.ID_TAKEN);
    assertThat(restoreStore().find(id)).contains(restores.get(created.indexOf(Created.YES)));
  }

  @Test
  default void aStartAndItsAuditEntryAreBothThereOrNeither() {
    Restore first = Samples.restore(Samples.id(), Samples.id(), NOW);
    AuditEntry entry = Samples.started(first);
    assertThat(restoreStore().create(first, firstSlots(first), entry)).isEqualTo(Created.YES);
    assertThat(entries(first)).containsExactly(entry);

    Restore late = Samples.restore(Samples.id(), first.accountId(), NOW);
    assertThat(create(late, firstSlots(late))).isEqualTo(Created.SLOTS_CHANGED);
    Restore taken = Samples.restore(first.id(), Samples.id(), NOW);
    assertThat(create(taken, firstSlots(taken))).isEqualTo(Created.ID_TAKEN);
    assertThat(entries(first)).containsExactly(entry);
    assertThat(entries(taken)).isEmpty();
  }

  @Test
  default void aChangeAndItsAuditEntryAreBothThereOrNeither() {
    Restore restore = Samples.restore(Samples.id(), Samples.id(), NOW);
    AuditEntry started = Samples.started(restore);
    RestoreSlots taken = firstSlots(restore);
    assertThat(restoreStore().create(restore, taken, started)).isEqualTo(Created.YES);
    Restore deleted = Samples.changed(restore, RestoreStatus.DELETED);
    AuditEntry entry =
        Samples.auditEntry(
            AuditEntry.Action.RESTORE_DELETE,
            restore.accountId(),
            restore.id(),
            NOW.plusSeconds(3_600));

    RestoreSlots none = new RestoreSlots(restore.accountId(), List.of(), taken.version() + 1);
    RestoreSlots stale = new RestoreSlots(restore.accountId(), List.of(), taken.version());
    assertThat(restoreStore().update(deleted, stale, entry)).isFalse();
    assertThat(entries(restore)).containsExactly(started);
    assertThat(restoreStore().update(deleted, none, entry)).isTrue();
    assertThat(entries(restore)).containsExactly(entry, started);
    assertThat(restoreStore().update(deleted, none, entry)).isFalse();
    assertThat(entries(restore)).containsExactly(entry, started);
  }

  @Test
  default void theIdOfAnAccountIsTaken() {
    int id = Samples.id();
    assertThat(accountStore().create(Samples.account(id), List.of(), Samples.changed(id))).isTrue();
    assertIdTaken(id);
  }

  @Test
  default void theIdOfArchiveSettingsIsTaken() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    assertThat(
            archiveSettingsStore()
                .save(settings, List.of(Samples.claim(settings)), Samples.saved(settings)))
        .isEqualTo(ArchiveSettingsStore.Saved.YES);
    assertIdTaken(settings.id());
  }

  @Test
  default void theIdOfAnotherRestoreIsTaken() {
    Restore other = created();
    assertIdTaken(other.id());
    assertThat(restoreStore().find(other.id())).contains(other);
  }

  @Test
  default void theNextVersionReplacesTheOneBefore() {
    Restore restore = created();
    Restore second = Samples.changed(restore, RestoreStatus.ACTIVE);
    Restore third = Samples.changed(second, RestoreStatus.DELETED);
    assertThat(restoreStore().update(second)).isTrue();
    assertThat(restoreStore().find(restore.id())).contains(second);
    assertThat(restoreStore().update(third)).isTrue();
    assertThat(restoreStore().find(restore.id())).contains(third);
    assertThat(restoreStore().history(restore.accountId(), null, 10)).containsExactly(third);
  }

  @Test
  default void anyOtherVersionChangesNothing() {
    Restore restore = created();
    Restore second = Samples.changed(restore, RestoreStatus.ACTIVE);
    Restore third = Samples.changed(second, RestoreStatus.DELETED);
    assertThat(restoreStore().update(restore)).isFalse();
    assertThat(restoreStore().update(third)).isFalse();
    assertThat(restoreStore().find(restore.id())).contains(restore);
    assertThat(restoreStore().update(second)).isTrue();
    assertThat(restoreStore().update(Samples.changed(restore, RestoreStatus.FAILED))).isFalse();
    assertThat(restoreStore().find(restore.id())).contains(second);
  }

  @Test
  default void aRestoreThatIsNotThereIsNotUpdated() {
    Restore absent = Samples.restore(Samples.id(), Samples.id(), NOW);
    assertThat(restoreStore().update(absent)).isFalse();
    assertThat(restoreStore().update(Samples.changed(absent, RestoreStatus.ACTIVE))).isFalse();
    assertThat(restoreStore().find(absent.id())).isEmpty();
  }

  @Test
  default void ofManyUpdatesAtOnceExactlyOneWins() {
    Restore restore = created();
    RestoreStatus[] statuses = RestoreStatus.values();
    List<Restore> changed =
        IntStream.range(0, 14)
            .mapToObj(i -> Samples.changed(restore, statuses[i % statuses.length]))
            .toList();
    List<Boolean> won = Together.run(14, i -> restoreStore().update(changed.get(i)));
    assertThat(won).containsOnlyOnce(true);
    assertThat(restoreStore().find(restore.id())).contains(changed.get(won.indexOf(true)));
  }

  @Test
  default void restoreAndSlotsAreUpdatedTogether() {
    Restore restore = created();
    Restore deleted = Samples.changed(restore, RestoreStatus.DELETED);
    RestoreSlots empty = new RestoreSlots(restore.accountId(), List.of(), 2);
    assertThat(restoreStore().update(deleted, empty)).isTrue();
    assertThat(restoreStore().find(restore.id())).contains(deleted);
    assertThat(restoreStore().slots(restore.accountId())).isEqualTo(empty);
  }

  @Test
  default void neitherIsUpdatedWhenTheSlotsChanged() {
    Restore restore = created();
    RestoreSlots stored = restoreStore().slots(restore.accountId());
    Restore deleted = Samples.changed(restore, RestoreStatus.DELETED);
    for (long version : List.of(1L, 3L)) {
      RestoreSlots slots = new RestoreSlots(restore.accountId(), List.of(), version);
      assertThat(restoreStore().update(deleted, slots)).isFalse();
    }
    assertThat(restoreStore().find(restore.id())).contains(restore);
    assertThat(restoreStore().slots(restore.accountId())).isEqualTo(stored);
  }

  @Test
  default void neitherIsUpdatedWhenTheRestoreChanged() {
    Restore restore = created();
    RestoreSlots stored = restoreStore().slots(restore.accountId());
    Restore active = Samples.changed(restore, RestoreStatus.ACTIVE);
    assertThat(restoreStore().update(active)).isTrue();
    RestoreSlots empty = new RestoreSlots(restore.accountId(), List.of(), 2);
    assertThat(restoreStore().update(Samples.changed(restore, RestoreStatus.ABORTED), empty))
        .isFalse();
    assertThat(restoreStore().find(restore.id())).contains(active);
    assertThat(restoreStore().slots(restore.accountId())).isEqualTo(stored);
  }

  @Test
  default void theHistoryComesNewestFirst() {
    int accountId = Samples.id();
    List<Restore> newestFirst = new ArrayList<>();
    for (String time :
        List.of(
            "2026-11-22T17:00:00.000000001Z",
            "2026-11-22T17:00:00Z",
            "2026-11-22T16:59:59.999999999Z",
            "2001-09-09T01:46:40Z",
            "2001-09-09T01:46:39Z",
            "1970-01-01T00:00:00Z")) {
      newestFirst.add(Samples.restore(Samples.id(), accountId, Instant.parse(time)));
    }
    List<Restore> shuffled = new ArrayList<>(newestFirst);
    Collections.shuffle(shuffled, new Random(3));
    createAll(shuffled);
    createAll(List.of(Samples.restore(Samples.id(), Samples.id(), NOW)));

    assertThat(restoreStore().history(accountId, null, 100)).containsExactlyElementsOf(newestFirst);
    assertThat(restoreStore().history(accountId, null, 2))
        .containsExactlyElementsOf(newestFirst.subList(0, 2));
    assertThat(restoreStore().history(accountId, newestFirst.get(1).id(), 2))
        .containsExactlyElementsOf(newestFirst.subList(2, 4));
    assertThat(restoreStore().history(accountId, newestFirst.get(3).id(), 100))
        .containsExactlyElementsOf(newestFirst.subList(4, 6));
    assertThat(restoreStore().history(accountId, newestFirst.getLast().id(), 100)).isEmpty();
  }

  @Test
  default void restoresOfOneMomentAreEachListedOnce() {
    int accountId = Samples.id();
    List<Restore> sameMoment =
        IntStream.range(0, 5).mapToObj(i -> Samples.restore(Samples.id(), accountId, NOW)).toList();
    createAll(sameMoment);

    List<Restore> paged = new ArrayList<>();
    @Nullable Integer before = null;
    while (true) {
      List<Restore> page = restoreStore().history(accountId, before, 2);
      if (page.isEmpty()) {
        break;
      }
      paged.addAll(page);
      before = page.getLast().id();
    }

    assertThat(paged).containsExactlyInAnyOrderElementsOf(sameMoment);
    assertThat(paged).isEqualTo(restoreStore().history(accountId, null, 100));
  }

  @Test
  default void nothingIsOlderThanARestoreOfAnotherAccount() {
    Restore own = created();
    Restore foreign = Samples.restore(Samples.id(), Samples.id(), NOW.plusSeconds(60));
    createAll(List.of(foreign));
    int accountId = own.accountId();
    assertThat(restoreStore().history(accountId, foreign.id(), 10)).isEmpty();
    assertThat(restoreStore().history(accountId, Samples.id(), 10)).isEmpty();
  }

  @Test
  default void whatHoldsASlotIsLive() {
    List<Restore> restores =
        IntStream.range(0, 5)
            .mapToObj(i -> Samples.restore(Samples.id(), Samples.id(), NOW))
            .toList();
    createAll(restores);
    awaitLive(live -> live.containsAll(restores));
  }

  @Test
  default void livePagesAreSmall() {
    createAll(
        IntStream.range(0, 5)
            .mapToObj(i -> Samples.restore(Samples.id(), Samples.id(), NOW))
            .toList());
    @Nullable String token = null;
    do {
      RestoreStore.Page page = restoreStore().live(token);
      assertThat(page.restores()).hasSizeLessThanOrEqualTo(PAGE_SIZE);
      token = page.next();
    } while (token != null);
  }

  @Test
  default void whatReleasedItsSlotIsNoLongerLive() {
    Restore stays = created();
    Restore ends = created();
    awaitLive(live -> live.contains(stays) && live.contains(ends));

    Restore active = Samples.changed(ends, RestoreStatus.ACTIVE);
    assertThat(restoreStore().update(active)).isTrue();
    awaitLive(live -> live.contains(active) && !live.contains(ends));

    Restore expired = Samples.changed(active, RestoreStatus.EXPIRED);
    RestoreSlots empty = new RestoreSlots(ends.accountId(), List.of(), 2);
    assertThat(restoreStore().update(expired, empty)).isTrue();
    awaitLive(
        live -> live.contains(stays) && live.stream().noneMatch(each -> each.id() == ends.id()));
  }

  @Test
  default void progressReadsBackAsItWasSaved() {
    Uid uid = Samples.uid();
    SliceProgress started =
        new SliceProgress(
            0, new Position(3, 5_000_000_000L, 6_000_000_000L, 70_000), Samples.totals(0, 12));
    SliceProgress done =
        new SliceProgress(1, new Position(9, 0, 0, 0), Samples.totals(1, Long.MAX_VALUE / 500));
    restoreStore().saveProgress(uid, started);
    restoreStore().saveProgress(uid, done);
    assertThat(restoreStore().progress(uid, 0)).contains(started);
    assertThat(restoreStore().progress(uid, 1)).contains(done);
    assertThat(restoreStore().progress(uid, 2)).isEmpty();
    assertThat(restoreStore().progress(uid)).containsExactly(started, done);
    assertThat(restoreStore().progress(Samples.uid())).isEmpty();
  }

  @Test
  default void progressIsAbsoluteSoThatSavingItTwiceChangesNothing() {
    Uid uid = Samples.uid();
    SliceProgress progress = new SliceProgress(4, new Position(1, 2, 3, 4), Samples.totals(0, 12));
    restoreStore().saveProgress(uid, progress);
    restoreStore().saveProgress(uid, progress);
    assertThat(restoreStore().progress(uid)).containsExactly(progress);
  }

  @Test
  default void progressNeverGoesBack() {
    Uid uid = Samples.uid();
    List<Position> inOrder =
        List.of(
            Position.START,
            new Position(0, 0, 0, 1),
            new Position(0, 9, 90, 0),
            new Position(0, 10, 100, 0),
            new Position(0, 10, 100, 9),
            new Position(0, 10, 100, 10),
            new Position(0, 10_000_000_000L, 100_000_000_000L, 0),
            new Position(1, 0, 0, 0),
            new Position(9, 0, 0, 0),
            new Position(10, 0, 0, 0));
    for (int i = 0; i < inOrder.size(); i++) {
      SliceProgress now = new SliceProgress(0, inOrder.get(i), Samples.totals(0, i));
      restoreStore().saveProgress(uid, now);
      for (int earlier = 0; earlier < i; earlier++) {
        restoreStore()
            .saveProgress(
                uid, new SliceProgress(0, inOrder.get(earlier), Samples.totals(0, 1_000)));
      }
      assertThat(restoreStore().progress(uid)).containsExactly(now);
    }
  }

  @Test
  default void aSliceThatIsDoneStaysDone() {
    Uid uid = Samples.uid();
    Position end = new Position(7, 0, 0, 0);
    SliceProgress almost = new SliceProgress(0, end, Samples.totals(0, 10));
    SliceProgress done = new SliceProgress(0, end, Samples.totals(1, 10));
    restoreStore().saveProgress(uid, almost);
    restoreStore().saveProgress(uid, done);
    assertThat(restoreStore().progress(uid, 0)).contains(done);
    restoreStore().saveProgress(uid, almost);
    assertThat(restoreStore().progress(uid, 0)).contains(done);
  }

  @Test
  default void ofTwoWorkersAtOneSliceTheFurtherOneStays() {
    Uid uid = Samples.uid();
    Together.run(
        20,
        i -> {
          SliceProgress progress =
              new SliceProgress(0, new Position(i, 0, 0, 0), Samples.totals(0, i));
          restoreStore().saveProgress(uid, progress);
          return progress;
        });
    assertThat(restoreStore().progress(uid, 0))
        .map(SliceProgress::position)
        .contains(new Position(19, 0, 0, 0));
  }

  @Test
  default void progressComesInOrderOfSlices() {
    Uid uid = Samples.uid();
    List<Integer> slices = new ArrayList<>(IntStream.range(0, 120).boxed().toList());
    Collections.shuffle(slices, new Random(5));
    slices.forEach(
        slice ->
            restoreStore()
                .saveProgress(
                    uid, new SliceProgress(slice, Position.START, Samples.totals(0, slice))));
    assertThat(restoreStore().progress(uid))
        .extracting(SliceProgress::slice)
        .containsExactlyElementsOf(IntStream.range(0, 120).boxed().toList());
  }

  private Created create(Restore restore, RestoreSlots slots) {
    return restoreStore().create(restore, slots, Samples.started(restore));
  }

  private Restore created() {
    Restore restore = Samples.restore(Samples.id(), Samples.id(), NOW);
    createAll(List.of(restore));
    return restore;
  }

  private void createAll(List<Restore> restores) {
    for (Restore restore : restores) {
      RestoreSlots slots = restoreStore().slots(restore.accountId());
      assertThat(
              restoreStore()
                  .create(restore, Samples.with(slots, restore), Samples.started(restore)))
          .isEqualTo(Created.YES);
    }
  }

  private void assertIdTaken(int id) {
    Restore restore = Samples.restore(id, Samples.id(), NOW);
    assertThat(restoreStore().create(restore, firstSlots(restore), Samples.started(restore)))
        .isEqualTo(Created.ID_TAKEN);
    assertThat(restoreStore().slots(restore.accountId()))
        .isEqualTo(RestoreSlots.none(restore.accountId()));
    assertThat(restoreStore().history(restore.accountId(), null, 10)).isEmpty();
  }

  private void awaitLive(Predicate<List<Restore>> expected) {
    Instant giveUp = Instant.now().plus(BEHIND);
    List<Restore> live = live();
    while (!expected.test(live) && Instant.now().isBefore(giveUp)) {
      LockSupport.parkNanos(10_000_000);
      live = live();
    }
    assertThat(expected.test(live)).as("live: %s", live).isTrue();
  }

  private List<Restore> live() {
    List<Restore> live = new ArrayList<>();
    @Nullable String token = null;
    do {
      RestoreStore.Page page = restoreStore().live(token);
      live.addAll(page.restores());
      token = page.next();
    } while (token != null);
    return live;
  }

  private List<AuditEntry> entries(Restore restore) {
    return auditLog().page(restore.accountId(), null).entries();
  }

  private static RestoreSlots firstSlots(Restore restore) {
    return Samples.with(RestoreSlots.none(restore.accountId()), restore);
  }
}
