package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore.Saved;
import io.logarchive.archive.BucketClaim;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Settings;
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
    assertThat(archiveSettingsStore().save(settings, claim)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
  }

  @Test
  default void everyVariantOfSettingsReadsBack() {
    for (Compression compression : Compression.values()) {
      ArchiveSettings sample = Samples.settings(Samples.id(), Samples.id());
      S3Location bucketItself = new S3Location(sample.s3().location().bucket(), "");
      ArchiveSettings settings =
          new ArchiveSettings(
              sample.id(),
              sample.accountId(),
              sample.accountUid(),
              new S3Settings(
                  bucketItself.bucket(),
                  bucketItself,
                  sample.s3().accessKey(),
                  sample.s3().secretKey()),
              false,
              compression,
              Instant.EPOCH,
              1);
      BucketClaim claim = Samples.claim(settings);
      assertThat(claim.holders()).containsOnlyKeys("");
      assertThat(archiveSettingsStore().save(settings, claim)).isEqualTo(Saved.YES);
      assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
      assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
    }
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
    assertThat(archiveSettingsStore().save(paused, more)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(paused);
    assertThat(archiveSettingsStore().findClaim(more.key())).contains(more);
    assertThat(more.holders()).hasSize(2);
  }

  @Test
  default void anAccountHasOneSettings() {
    ArchiveSettings first = saved();
    ArchiveSettings second = Samples.settings(Samples.id(), first.accountId());
    BucketClaim claim = Samples.claim(second);
    assertThat(archiveSettingsStore().save(second, claim)).isEqualTo(Saved.CHANGED);
    assertThat(archiveSettingsStore().find(first.accountId())).contains(first);
    assertThat(archiveSettingsStore().findClaim(claim.key())).isEmpty();
  }

  @Test
  default void settingsOfAnyOtherVersionChangeNothing() {
    ArchiveSettings settings = saved();
    BucketClaim claim = Samples.claim(settings);
    BucketClaim next = claim.with("other", settings.accountId());
    for (long version : List.of(1L, 3L, 4L)) {
      assertThat(archiveSettingsStore().save(version(settings, version), next))
          .isEqualTo(Saved.CHANGED);
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
      assertThat(archiveSettingsStore().save(version(settings, 2), other)).isEqualTo(Saved.CHANGED);
    }
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
  }

  @Test
  default void laterVersionsOfWhatIsNotThereChangeNothing() {
    ArchiveSettings settings = version(Samples.settings(Samples.id(), Samples.id()), 2);
    assertThat(archiveSettingsStore().save(settings, Samples.claim(settings)))
        .isEqualTo(Saved.CHANGED);
    assertThat(archiveSettingsStore().find(settings.accountId())).isEmpty();
  }

  @Test
  default void ofFiftySavesAtOnceExactlyOneWins() {
    int accountId = Samples.id();
    ArchiveSettings sample = Samples.settings(Samples.id(), accountId);
    List<ArchiveSettings> settings =
        IntStream.range(0, 50).mapToObj(i -> withId(sample, Samples.id())).toList();

    List<Saved> saved =
        Together.run(50, i -> archiveSettingsStore().save(settings.get(i), Samples.claim(sample)));

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
        Together.run(
            10, i -> archiveSettingsStore().save(settings.get(i), Samples.claim(settings.get(i))));

    assertThat(saved).containsOnlyOnce(Saved.YES).containsOnly(Saved.YES, Saved.CHANGED);
    int winner = saved.indexOf(Saved.YES);
    assertThat(archiveSettingsStore().findClaim(sample.s3().location().claimKey()))
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
    assertThat(archiveSettingsStore().save(second, Samples.claim(second))).isEqualTo(Saved.CHANGED);
    assertThat(accountStore().create(Samples.account(second.id()), List.of())).isTrue();
  }

  @Test
  default void theIdOfAnAccountIsTaken() {
    int id = Samples.id();
    assertThat(accountStore().create(Samples.account(id), List.of())).isTrue();
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
                .create(restore, Samples.with(RestoreSlots.none(restore.accountId()), restore)))
        .isEqualTo(RestoreStore.Created.YES);
    assertIdTaken(restore.id());
  }

  @Test
  default void removedSettingsAreGoneAndTheirClaimIsAsGiven() {
    ArchiveSettings settings = saved();
    ArchiveSettings other = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    assertThat(released.holders()).isEmpty();
    assertThat(archiveSettingsStore().remove(settings, released)).isTrue();
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
      assertThat(archiveSettingsStore().remove(version(settings, version), next)).isFalse();
    }
    for (long version : List.of(1L, 3L)) {
      BucketClaim other = new BucketClaim(claim.key(), Map.of(), version);
      assertThat(archiveSettingsStore().remove(settings, other)).isFalse();
    }
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(settings);
    assertThat(archiveSettingsStore().findClaim(claim.key())).contains(claim);
  }

  @Test
  default void settingsAreRemovedOnce() {
    ArchiveSettings settings = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    List<Boolean> removed = Together.run(8, i -> archiveSettingsStore().remove(settings, released));
    assertThat(removed).containsOnlyOnce(true);
    BucketClaim again = released.without(settings.accountId());
    assertThat(archiveSettingsStore().remove(settings, again)).isFalse();
  }

  @Test
  default void afterARemovalTheAccountMaySaveAgainUnderANewId() {
    ArchiveSettings settings = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    assertThat(archiveSettingsStore().remove(settings, released)).isTrue();
    BucketClaim taken = released.with("", settings.accountId());
    assertThat(archiveSettingsStore().save(settings, taken)).isEqualTo(Saved.ID_TAKEN);
    ArchiveSettings next = withId(settings, Samples.id());
    assertThat(archiveSettingsStore().save(next, taken)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(next);
  }

  /** The removal was decided on settings that others have replaced, at the same version. */
  @Test
  default void aLateRemovalDoesNotHitTheSettingsThatCameAfter() {
    ArchiveSettings settings = saved();
    BucketClaim released = Samples.claim(settings).without(settings.accountId());
    assertThat(archiveSettingsStore().remove(settings, released)).isTrue();
    ArchiveSettings next = withId(settings, Samples.id());
    BucketClaim taken = released.with("", settings.accountId());
    assertThat(archiveSettingsStore().save(next, taken)).isEqualTo(Saved.YES);
    assertThat(archiveSettingsStore().remove(settings, released)).isFalse();
    assertThat(archiveSettingsStore().find(settings.accountId())).contains(next);
  }

  private void assertIdTaken(int id) {
    ArchiveSettings settings = Samples.settings(id, Samples.id());
    BucketClaim claim = Samples.claim(settings);
    assertThat(archiveSettingsStore().save(settings, claim)).isEqualTo(Saved.ID_TAKEN);
    assertThat(archiveSettingsStore().find(settings.accountId())).isEmpty();
    assertThat(archiveSettingsStore().findClaim(claim.key())).isEmpty();
  }

  private ArchiveSettings saved() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    assertThat(archiveSettingsStore().save(settings, Samples.claim(settings))).isEqualTo(Saved.YES);
    return settings;
  }

  private static ArchiveSettings version(ArchiveSettings settings, long version) {
    return new ArchiveSettings(
        settings.id(),
        settings.accountId(),
        settings.accountUid(),
        settings.s3(),
        !settings.enabled(),
        settings.compression(),
        settings.createdAt(),
        version);
  }

  private static ArchiveSettings withId(ArchiveSettings settings, int id) {
    return new ArchiveSettings(
        id,
        settings.accountId(),
        settings.accountUid(),
        settings.s3(),
        settings.enabled(),
        settings.compression(),
        settings.createdAt(),
        settings.version());
  }

  private static ArchiveSettings withAccount(ArchiveSettings settings, int accountId) {
    return new ArchiveSettings(
        Samples.id(),
        accountId,
        Samples.uid(),
        settings.s3(),
        settings.enabled(),
        settings.compression(),
        settings.createdAt(),
        settings.version());
  }
}
