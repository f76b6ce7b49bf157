package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore.Saved;
import io.logarchive.archive.BucketClaim;
import io.logarchive.archive.EarlierLocation;
import io.logarchive.archive.StorageSettings;
import io.logarchive.audit.AuditEntry;
import io.logarchive.format.Compression;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link io.logarchive.archive.ArchiveSettingsStore} promises. */
public interface ArchiveSettingsStoreContract extends DeploymentStores {

  @Test
  default void settingsAndClaimReadBackAsTheyWereSaved() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    BucketClaim claim = Samples.claim(settings);
    assertThat(save(settings, claim)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
  }

  @Test
  default void everyVariantOfSettingsReadsBack() {
    for (StorageSettings storage : Samples.storages()) {
      ArchiveSettings sample = Samples.settings(Samples.id(), Samples.id());
      ArchiveSettings settings =
          new ArchiveSettings(
              sample.id(),
              sample.accountId(),
              sample.accountUid(),
              storage,
              Instant.EPOCH.plusNanos(1),
              false,
              Compression.NONE,
              "a reason",
              Samples.storages().stream()
                  .map(
                      earlier ->
                          new EarlierLocation(earlier, Instant.EPOCH, Instant.EPOCH.plusSeconds(9)))
                  .toList(),
              Instant.EPOCH,
              1);
      BucketClaim claim = Samples.claim(settings);
      assertThat(save(settings, claim)).isEqualTo(Saved.YES);
      assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
      assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
    }
  }

  @Test
  default void everyCompressionReadsBack() {
    for (Compression compression : Compression.values()) {
      ArchiveSettings sample = Samples.settings(Samples.id(), Samples.id());
      ArchiveSettings settings =
          ArchiveSettings.created(
              sample.id(),
              sample.accountId(),
              sample.accountUid(),
              sample.storage(),
              true,
              compression,
              Instant.EPOCH);
      assertThat(save(settings, Samples.claim(settings))).isEqualTo(Saved.YES);
      assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    }
  }

  @Test
  default void settingsAreSavedWithoutClaimsOrWithSeveral() {
    ArchiveSettings settings = saved();
    BucketClaim first = Samples.claim(settings);
    assertThat(save(version(settings, 2))).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().findClaim(first.key())).contains(first);
    BucketClaim second = claimOf(settings.accountId());
    BucketClaim third = claimOf(settings.accountId());
    assertThat(save(version(settings, 3), second, third)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().findClaim(second.key())).contains(second);
    assertThat(archiveSettingsStore().findClaim(third.key())).contains(third);
  }

  @Test
  default void oneClaimOfAnotherVersionKeepsAllFromBeingSavedOrRemoved() {
    ArchiveSettings settings = saved();
    BucketClaim first = Samples.claim(settings);
    BucketClaim fresh = claimOf(settings.accountId());
    BucketClaim next = first.with("other", settings.accountId());
    assertThat(save(version(settings, 2), fresh, first)).isEqualTo(Saved.CHANGED);
    assertThat(remove(settings, next, new BucketClaim(fresh.key(), Map.of(), 2))).isFalse();
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(first.key())).contains(first);
    assertThat(archiveSettingsStore().findClaim(fresh.key())).isEmpty();
  }

  @Test
  default void removingReleasesSeveralClaims() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    BucketClaim first = Samples.claim(settings);
    BucketClaim second = claimOf(settings.accountId());
    assertThat(save(settings, first, second)).isEqualTo(Saved.YES);
    BucketClaim firstFree = first.without(settings.accountId());
    BucketClaim secondFree = second.without(settings.accountId());
    assertThat(remove(settings, firstFree, secondFree)).isTrue();
    assertThat(archiveSettingsStore().find(settings.accountId())).isEmpty();
    assertThat(archiveSettingsStore().findClaim(first.key())).contains(firstFree);
    assertThat(archiveSettingsStore().findClaim(second.key())).contains(secondFree);
  }

  @Test
  default void whatIsNotThereIsEmpty() {
    assertThat(archiveSettingsStore().find(Samples.id())).isEmpty();
    assertThat(archiveSettingsStore().findClaim("s3:aws:no-such-bucket")).isEmpty();
  }

  @Test
  default void theNextVersionReplacesTheOneBefore() {
    ArchiveSettings settings = saved();
    ArchiveSettings paused = version(settings, 2);
    BucketClaim more = Samples.claim(settings).with("other", settings.accountId());
    assertThat(save(paused, more)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(paused);
    assertThat(archiveSettingsStore().findClaim(more.key())).contains(more);
    assertThat(more.holders()).hasSize(2);
  }

  @Test
  default void anAccountHasOneSettings() {
    ArchiveSettings first = saved();
    ArchiveSettings second = Samples.settings(Samples.id(), first.accountId());
    BucketClaim claim = Samples.claim(second);
    assertThat(save(second, claim)).isEqualTo(Saved.CHANGED);
    assertThat(archiveSettingsStore().find(first.accountId())).contains(first);
    assertThat(archiveSettingsStore().findClaim(claim.key())).isEmpty();
  }

  @Test
  default void settingsOfAnyOtherVersionChangeNothing() {
    ArchiveSettings settings = saved();
    BucketClaim claim = Samples.claim(settings);
    BucketClaim next = claim.with("other", settings.accountId());
    for (long version : List.of(1L, 3L, 4L)) {
      assertThat(save(version(settings, version), next)).isEqualTo(Saved.CHANGED);
    }
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
  }

  @Test
  default void aClaimOfAnyOtherVersionChangesNothing() {
    ArchiveSettings settings = saved();
    BucketClaim claim = Samples.claim(settings);
    for (long version : List.of(1L, 3L, 4L)) {
      BucketClaim other = new BucketClaim(claim.key(), Map.of("other", 7), version);
      assertThat(save(version(settings, 2), other)).isEqualTo(Saved.CHANGED);
    }
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
  }

  @Test
  default void laterVersionsOfWhatIsNotThereChangeNothing() {
    ArchiveSettings settings = version(Samples.settings(Samples.id(), Samples.id()), 2);
    assertThat(save(settings, Samples.claim(settings))).isEqualTo(Saved.CHANGED);
    assertThat(archiveSettingsStore().find(settings.accountId())).isEmpty();
  }

  @Test
  default void ofFiftySavesAtOnceExactlyOneWins() {
    int accountId = Samples.id();
    ArchiveSettings sample = Samples.settings(Samples.id(), accountId);
    List<ArchiveSettings> settings =
        IntStream.range(0, 50).mapToObj(i -> withId(sample, Samples.id())).toList();

    List<Saved> saved = Together.run(50, i -> save(settings.get(i), Samples.claim(sample)));

    assertThat(saved).containsOnlyOnce(Saved.YES).containsOnly(Saved.YES, Saved.CHANGED);
    assertThat(archiveSettingsStore().find(accountId))
        .contains(settings.get(saved.indexOf(Saved.YES)));
  }

  @Test
  default void ofManyAccountsThatClaimOneBucketAtOnceExactlyOneWins() {
    ArchiveSettings sample = Samples.settings(Samples.id(), Samples.id());
    List<ArchiveSettings> settings =
        IntStream.range(0, 10).mapToObj(i -> withAccount(sample, Samples.id())).toList();

    List<Saved> saved =
        Together.run(10, i -> save(settings.get(i), Samples.claim(settings.get(i))));

    assertThat(saved).containsOnlyOnce(Saved.YES).containsOnly(Saved.YES, Saved.CHANGED);
    int winner = saved.indexOf(Saved.YES);
    assertThat(archiveSettingsStore().findClaim(sample.storage().location().claimKey()))
        .contains(Samples.claim(settings.get(winner)));
    for (int i = 0; i < 10; i++) {
      assertThat(archiveSettingsStore().find(settings.get(i).accountId()).isPresent())
          .isEqualTo(i == winner);
    }
  }

  @Test
  default void aSaveThatIsRefusedTakesNoId() {
    ArchiveSettings first = saved();
    ArchiveSettings second = Samples.settings(Samples.id(), first.accountId());
    assertThat(save(second, Samples.claim(second))).isEqualTo(Saved.CHANGED);
    assertThat(
            accountStore()
                .create(Samples.account(second.id()), List.of(), Samples.changed(second.id())))
        .isTrue();
  }

  @Test
  default void theIdOfAnAccountIsTaken() {
    int id = Samples.id();
    assertThat(accountStore().create(Samples.account(id), List.of(), Samples.changed(id))).isTrue();
    assertIdTaken(id);
  }

  @Test
  default void theIdOfOtherSettingsIsTaken() {
    assertIdTaken(saved().id());
  }

  @Test
  default void theIdOfARestoreIsTaken() {
    Restore restore = Samples.restore(Samples.id(), Samples.id(), Instant.EPOCH);
    assertThat(
            restoreStore()
                .create(
                    restore,
                    Samples.with(RestoreSlots.none(restore.accountId()), restore),
                    Samples.started(restore)))
        .isEqualTo(RestoreStore.Created.YES);
    assertIdTaken(restore.id());
  }

  @Test
  default void removedSettingsAreGoneAndTheirClaimIsAsGiven() {
    ArchiveSettings settings = saved();
    ArchiveSettings other = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    assertThat(released.holders()).isEmpty();
    assertThat(remove(settings, released)).isTrue();
    assertThat(archiveSettingsStore().find(settings.accountId())).isEmpty();
    assertThat(archiveSettingsStore().findClaim(released.key())).contains(released);
    assertThat(archiveSettingsStore().find(other.accountId())).contains(other);
  }

  @Test
  default void removingWhatSomebodyElseWroteSinceChangesNothing() {
    ArchiveSettings settings = saved();
    BucketClaim claim = Samples.claim(settings);
    BucketClaim next = claim.without(settings.accountId());
    for (long version : List.of(2L, 3L)) {
      assertThat(remove(version(settings, version), next)).isFalse();
    }
    for (long version : List.of(1L, 3L)) {
      BucketClaim other = new BucketClaim(claim.key(), Map.of(), version);
      assertThat(remove(settings, other)).isFalse();
    }
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
  }

  @Test
  default void settingsAreRemovedOnce() {
    ArchiveSettings settings = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    List<Boolean> removed = Together.run(8, i -> remove(settings, released));
    assertThat(removed).containsOnlyOnce(true);
    BucketClaim again = released.without(settings.accountId());
    assertThat(remove(settings, again)).isFalse();
  }

  @Test
  default void afterARemovalTheAccountMaySaveAgainUnderANewId() {
    ArchiveSettings settings = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    assertThat(remove(settings, released)).isTrue();
    BucketClaim taken = released.with("", settings.accountId());
    assertThat(save(settings, taken)).isEqualTo(Saved.ID_TAKEN);
    ArchiveSettings next = withId(settings, Samples.id());
    assertThat(save(next, taken)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(next);
  }

  /** The removal was decided on settings that others have replaced, at the same version. */
  @Test
  default void aLateRemovalDoesNotHitTheSettingsThatCameAfter() {
    ArchiveSettings settings = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    assertThat(remove(settings, released)).isTrue();
    ArchiveSettings next = withId(settings, Samples.id());
    BucketClaim taken = released.with("", settings.accountId());
    assertThat(save(next, taken)).isEqualTo(Saved.YES);
    assertThat(remove(settings, released)).isFalse();
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(next);
  }

  @Test
  default void aChangeLeavesItsEntryAndOneThatIsRefusedLeavesNone() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    BucketClaim claim = Samples.claim(settings);
    AuditEntry created = Samples.saved(settings);
    AuditEntry refused = Samples.saved(settings);
    AuditEntry removed = Samples.saved(settings);
    assertThat(archiveSettingsStore().save(settings, List.of(claim), created)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().save(settings, List.of(claim), refused))
        .isEqualTo(Saved.CHANGED);
    BucketClaim released = claim.without(settings.accountId());
    assertThat(archiveSettingsStore().remove(version(settings, 2), List.of(released), refused))
        .isFalse();
    assertThat(auditLog().page(settings.accountId(), null).entries()).containsExactly(created);
    assertThat(archiveSettingsStore().remove(settings, List.of(released), removed)).isTrue();
    assertThat(auditLog().page(settings.accountId(), null).entries())
        .containsExactlyInAnyOrder(created, removed);
  }

  private Saved save(ArchiveSettings settings, BucketClaim... claims) {
    return archiveSettingsStore().save(settings, List.of(claims), Samples.saved(settings));
  }

  private boolean remove(ArchiveSettings settings, BucketClaim... claims) {
    return archiveSettingsStore().remove(settings, List.of(claims), Samples.saved(settings));
  }

  private static BucketClaim claimOf(int accountId) {
    return BucketClaim.none("s3:aws:logs-" + Samples.uid()).with("", accountId);
  }

  private void assertIdTaken(int id) {
    ArchiveSettings settings = Samples.settings(id, Samples.id());
    BucketClaim claim = Samples.claim(settings);
    assertThat(save(settings, claim)).isEqualTo(Saved.ID_TAKEN);
    assertThat(archiveSettingsStore().find(settings.accountId())).isEmpty();
    assertThat(archiveSettingsStore().findClaim(claim.key())).isEmpty();
  }

  private ArchiveSettings saved() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    assertThat(save(settings, Samples.claim(settings))).isEqualTo(Saved.YES);
    return settings;
  }

  private static ArchiveSettings version(ArchiveSettings settings, long version) {
    return new ArchiveSettings(
        settings.id(),
        settings.accountId(),
        settings.accountUid(),
        settings.storage(),
        settings.since(),
        !settings.enabled(),
        settings.compression(),
        settings.suspension(),
        settings.earlier(),
        settings.createdAt(),
        version);
  }

  private static ArchiveSettings withId(ArchiveSettings settings, int id) {
    return new ArchiveSettings(
        id,
        settings.accountId(),
        settings.accountUid(),
        settings.storage(),
        settings.since(),
        settings.enabled(),
        settings.compression(),
        settings.suspension(),
        settings.earlier(),
        settings.createdAt(),
        settings.version());
  }

  private static ArchiveSettings withAccount(ArchiveSettings settings, int accountId) {
    return new ArchiveSettings(
        Samples.id(),
        accountId,
        Samples.uid(),
        settings.storage(),
        settings.since(),
        settings.enabled(),
        settings.compression(),
        settings.suspension(),
        settings.earlier(),
        settings.createdAt(),
        settings.version());
  }
}
