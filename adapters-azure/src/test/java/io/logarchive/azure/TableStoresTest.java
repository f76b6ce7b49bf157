package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.AccountStore;
import io.logarchive.account.AccountStore.Removed;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.ArchiveSettingsStore.Saved;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.BlobSettings;
import io.logarchive.archive.SealedSecret;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.format.Compression;
import io.logarchive.json.JsonObject;
import io.logarchive.limit.RequestWindows;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStatus;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.RestoreStore.Created;
import io.logarchive.stored.Stored;
import io.logarchive.testkit.AccountStoreContract;
import io.logarchive.testkit.ArchiveSettingsStoreContract;
import io.logarchive.testkit.AuditLogContract;
import io.logarchive.testkit.DeploymentStores;
import io.logarchive.testkit.RequestWindowsContract;
import io.logarchive.testkit.RestoreStoreContract;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.Together;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores on Azurite, all in one table. */
class TableStoresTest {
  private static final InstantSource CLOCK = InstantSource.fixed(RestoreStoreContract.NOW);

  private static @Nullable EmbeddedAzurite azurite;
  private static @Nullable AzureTable table;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    LoopbackTls tls = LoopbackTls.make(directory);
    azurite = Azurite.start(directory, tls);
    table =
        new AzureTable(
            new AzureClients(AzureEndpoints.AZURE, tls::http),
            URI.create(azurite.tables() + "/" + Azurite.ACCOUNT),
            "logarchive",
            new AzureLogin.AccountKey(Azurite.ACCOUNT, Azurite.KEY),
            new SecureRandom());
    table.create();
    table.create();
  }

  @AfterAll
  static void stop() throws Exception {
    if (azurite != null) {
      azurite.close();
    }
  }

  @Nested
  class Accounts extends Stores implements AccountStoreContract {}

  @Nested
  class Settings extends Stores implements ArchiveSettingsStoreContract {}

  @Nested
  class Restores extends Stores implements RestoreStoreContract {}

  /** An account's entries lie in two partitions. */
  @Nested
  class Audit implements AuditLogContract {
    private int written;

    @Override
    public AuditLog auditLog() {
      return audit();
    }

    @Override
    public void write(AuditEntry entry) {
      written++;
      assertThat(
              table()
                  .change(
                      written % 2 == 0 ? audit().inControl(entry) : audit().amongRestores(entry)))
          .isTrue();
    }
  }

  @Nested
  class Windows implements RequestWindowsContract {
    @Override
    public RequestWindows requestWindows() {
      return new TableRequestWindows(table());
    }
  }

  /** As many as there may be at once on other machines too: each with a store of its own. */
  @Test
  void ofAHundredCallersAtOnceExactlyAsManyGetInAsTheWindowHolds() {
    String who = "control#" + Samples.id();
    List<Boolean> admitted =
        Together.run(
            100,
            i -> new TableRequestWindows(table()).admit(who, RequestWindowsContract.MINUTE, 60));
    assertThat(admitted).filteredOn(in -> in).hasSize(60);
  }

  @Test
  void whoComesForAWindowThatIsOverIsCountedInTheNext() {
    TableRequestWindows windows = new TableRequestWindows(table());
    String who = "search#" + Samples.id();
    Instant next = RequestWindowsContract.MINUTE.plusSeconds(60);
    assertThat(windows.admit(who, next, 2)).isTrue();
    assertThat(windows.admit(who, RequestWindowsContract.MINUTE, 2)).isTrue();
    assertThat(windows.admit(who, RequestWindowsContract.MINUTE, 2)).isFalse();
    assertThat(windows.admit(who, next, 2)).isFalse();
  }

  @Test
  void fiftyAccountsAtOnceLeaveOneHolderOfAContainer() {
    BlobSettings blob =
        new BlobSettings(
            null,
            new BlobLocation(Samples.uid().value().substring(8), "logs", ""),
            "tenant",
            "client",
            new SealedSecret("key", new byte[] {1}));
    List<ArchiveSettings> settings =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    ArchiveSettings.created(
                        Samples.id(),
                        Samples.id(),
                        Samples.uid(),
                        blob,
                        true,
                        Compression.ZSTD,
                        RestoreStoreContract.NOW))
            .toList();
    List<Saved> saved =
        Together.run(
            50,
            i ->
                settings()
                    .save(
                        settings.get(i),
                        List.of(Samples.claim(settings.get(i))),
                        Samples.saved(settings.get(i))));
    assertThat(saved).containsOnlyOnce(Saved.YES).containsOnly(Saved.YES, Saved.CHANGED);
    assertThat(settings().findClaim(blob.location().claimKey()).orElseThrow().holders())
        .containsExactly(Map.entry("", settings.get(saved.indexOf(Saved.YES)).accountId()));
    assertThat(settings)
        .filteredOn(each -> settings().find(each.accountId()).isPresent())
        .hasSize(1);
  }

  /** Longer than a property may be, and with characters of which UTF-16 has two halves. */
  @Test
  void longTextsReadBackAsTheyWereWritten() {
    JsonObject large =
        JsonObject.builder().put("path", "x" + "\uD83D\uDE00".repeat(10_000)).build();
    AuditEntry sample =
        Samples.auditEntry(AuditEntry.Action.SETTINGS_UPDATE, Samples.id(), Samples.id());
    AuditEntry entry =
        new AuditEntry(
            sample.at(),
            sample.unique(),
            sample.by(),
            sample.accountId(),
            sample.action(),
            sample.subjectId(),
            large,
            large,
            null);
    assertThat(table().change(audit().inControl(entry))).isTrue();
    assertThat(audit().page(entry.accountId(), null).entries()).containsExactly(entry);
  }

  @Test
  void aRestoreDoesNotStartWhileItsAccountIsRemovedAndDoesOnceTheRemovalHasLapsed() {
    Restore restore = restore();
    String removal = "a removal that broke off";
    assertThat(
            table().change(SlotsRow.close(restore.accountId(), removal, RestoreStoreContract.NOW)))
        .isTrue();
    assertThat(create(restore, CLOCK)).isEqualTo(Created.SLOTS_CHANGED);
    assertThat(create(restore, later(SlotsRow.CLOSED.minusNanos(1))))
        .isEqualTo(Created.SLOTS_CHANGED);
    assertThat(restores(CLOCK).slots(restore.accountId()))
        .isEqualTo(RestoreSlots.none(restore.accountId()));
    assertThat(create(restore, later(SlotsRow.CLOSED))).isEqualTo(Created.YES);
  }

  @Test
  void aRemovalThatIsRefusedOpensTheSlotsForItselfOnly() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    int accountId = settings.accountId();
    assertThat(accounts().create(Samples.account(accountId), List.of(), Samples.changed(accountId)))
        .isTrue();
    assertThat(settings().save(settings, List.of(Samples.claim(settings)), Samples.saved(settings)))
        .isEqualTo(Saved.YES);
    Restore restore = Samples.restore(Samples.id(), accountId, RestoreStoreContract.NOW);

    String other = "another removal";
    assertThat(table().change(SlotsRow.close(accountId, other, RestoreStoreContract.NOW))).isTrue();
    assertThat(remove(accountId)).isEqualTo(Removed.IN_USE);
    assertThat(create(restore, CLOCK)).isEqualTo(Created.SLOTS_CHANGED);
    assertThat(table().change(SlotsRow.open(accountId, other))).isTrue();
    assertThat(create(restore, CLOCK)).isEqualTo(Created.YES);
    assertThat(remove(accountId)).isEqualTo(Removed.IN_USE);
  }

  /** Whoever starts a restore looks for the account after that; whoever removes it, before. */
  @Test
  void anAccountNeverGoesWhileARestoreStarts() {
    for (int i = 0; i < 20; i++) {
      int accountId = Samples.id();
      accounts().create(Samples.account(accountId), List.of(), Samples.changed(accountId));
      Restore restore = Samples.restore(Samples.id(), accountId, RestoreStoreContract.NOW);
      List<String> seen =
          Together.run(
              2,
              which -> {
                if (which == 0) {
                  return remove(accountId).name();
                }
                Created created = create(restore, CLOCK);
                return created == Created.YES && accounts().find(accountId).isPresent()
                    ? "started"
                    : "not";
              });
      assertThat(seen)
          .isIn(List.of("YES", "not"), List.of("IN_USE", "started"), List.of("IN_USE", "not"));
      assertThat(accounts().find(accountId).isPresent()).isEqualTo(seen.contains("IN_USE"));
    }
  }

  @Test
  void whatIsNotedAsLiveAndIsNotIsForgottenOnceItCannotComeAnyMore() {
    Restore never = restore();
    TableRow.Key key = TableKeys.restore(never);
    TableRow.Key note = TableKeys.live(never.id());
    table()
        .change(
            new AzureTable.Put(
                TableRow.of(
                    note,
                    Stored.empty()
                        .text("restorePartition", key.partition())
                        .text("restoreRow", key.row())
                        .time("since", RestoreStoreContract.NOW))));
    live(CLOCK);
    assertThat(table().find(note)).isPresent();
    live(later(Duration.ofMinutes(15)));
    assertThat(table().find(note)).isEmpty();

    Restore ended = restore();
    create(ended, CLOCK);
    assertThat(restores(CLOCK).update(Samples.changed(ended, RestoreStatus.DELETED))).isTrue();
    live(CLOCK);
    assertThat(table().find(TableKeys.live(ended.id()))).isEmpty();
  }

  private static Restore restore() {
    return Samples.restore(Samples.id(), Samples.id(), RestoreStoreContract.NOW);
  }

  private static InstantSource later(Duration time) {
    return InstantSource.fixed(RestoreStoreContract.NOW.plus(time));
  }

  private static void live(InstantSource clock) {
    @Nullable String next = null;
    do {
      next = restores(clock).live(next).next();
    } while (next != null);
  }

  private static Created create(Restore restore, InstantSource clock) {
    return restores(clock)
        .create(
            restore,
            Samples.with(RestoreSlots.none(restore.accountId()), restore),
            Samples.started(restore));
  }

  private static Removed remove(int accountId) {
    return accounts()
        .remove(accounts().tokens(accountId).orElseThrow(), Samples.changed(accountId));
  }

  private static TableRestoreStore restores(InstantSource clock) {
    return new TableRestoreStore(table(), audit(), RestoreStoreContract.PAGE_SIZE, clock);
  }

  private static TableAccountStore accounts() {
    return new TableAccountStore(table(), audit(), CLOCK);
  }

  private static TableArchiveSettingsStore settings() {
    return new TableArchiveSettingsStore(table(), audit());
  }

  private abstract static class Stores implements DeploymentStores {
    @Override
    public AccountStore accountStore() {
      return new TableAccountStore(table(), audit(), CLOCK);
    }

    @Override
    public ArchiveSettingsStore archiveSettingsStore() {
      return new TableArchiveSettingsStore(table(), audit());
    }

    @Override
    public RestoreStore restoreStore() {
      return new TableRestoreStore(table(), audit(), RestoreStoreContract.PAGE_SIZE, CLOCK);
    }

    @Override
    public AuditLog auditLog() {
      return audit();
    }
  }

  private static TableAuditLog audit() {
    return new TableAuditLog(table(), Duration.ofDays(400), AuditLogContract.PAGE_SIZE);
  }

  private static AzureTable table() {
    if (table == null) {
      throw new IllegalStateException("Azurite is not up");
    }
    return table;
  }
}
