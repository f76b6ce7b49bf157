package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Account;
import io.logarchive.account.Scope;
import io.logarchive.account.TokenRecord;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link io.logarchive.account.AccountStore} promises. */
public interface AccountStoreContract extends DeploymentStores {

  @Test
  default void anAccountReadsBackAsItWasCreated() {
    Account account = Samples.account(Samples.id());
    assertThat(accountStore().create(account, List.of())).isTrue();
    assertThat(accountStore().find(account.id())).contains(account);
  }

  @Test
  default void volumesAndTimesKeepEveryDigit() {
    for (String gb : List.of("0.000000001", "10.0", "1E+6", "123456.789")) {
      Account account =
          new Account(
              Samples.id(),
              Samples.uid(),
              " name ",
              new BigDecimal(gb),
              Instant.parse("1969-12-31T23:59:59.999999999Z"));
      assertThat(accountStore().create(account, List.of())).isTrue();
      assertThat(accountStore().find(account.id())).contains(account);
    }
  }

  @Test
  default void firstTokensComeWithTheAccount() {
    int id = Samples.id();
    Instant created = Instant.parse("2026-11-22T17:00:00.123456789Z");
    TokenRecord api = Samples.token(id, "api", Scope.SETTINGS, Scope.RESTORE, Scope.SEARCH);
    TokenRecord all =
        new TokenRecord(
            Samples.id(),
            Samples.token(id, "all").hash(),
            id,
            "all",
            EnumSet.allOf(Scope.class),
            created,
            created.plusNanos(1));
    TokenRecord nothing = Samples.token(id, "nothing");
    assertThat(accountStore().create(Samples.account(id), List.of(api, all, nothing))).isTrue();
    for (TokenRecord token : List.of(api, all, nothing)) {
      assertThat(accountStore().findToken(token.hash())).contains(token);
    }
  }

  @Test
  default void whatIsNotThereIsEmpty() {
    assertThat(accountStore().find(Samples.id())).isEmpty();
    assertThat(accountStore().findToken(Samples.token(1, "absent").hash())).isEmpty();
  }

  @Test
  default void anIdIsNotGivenTwice() {
    Account first = Samples.account(Samples.id());
    assertThat(accountStore().create(first, List.of())).isTrue();
    assertNothingStoredFor(first.id());
    assertThat(accountStore().find(first.id())).contains(first);
  }

  @Test
  default void anIdOfATokenIsTaken() {
    Account account = Samples.account(Samples.id());
    TokenRecord token = Samples.token(account.id(), "api", Scope.SEARCH);
    assertThat(accountStore().create(account, List.of(token))).isTrue();
    assertNothingStoredFor(token.id());
    assertThat(accountStore().find(token.id())).isEmpty();
  }

  @Test
  default void anAccountWhoseTokensIdIsTakenIsNotCreated() {
    Account account = Samples.account(Samples.id());
    TokenRecord taken = Samples.token(account.id(), "api", Scope.SEARCH);
    assertThat(accountStore().create(account, List.of(taken))).isTrue();

    Account other = Samples.account(Samples.id());
    TokenRecord free = Samples.token(other.id(), "free", Scope.SEARCH);
    TokenRecord clash =
        new TokenRecord(
            taken.id(),
            Samples.token(other.id(), "clash").hash(),
            other.id(),
            "clash",
            EnumSet.of(Scope.SEARCH),
            taken.createdAt(),
            null);
    assertThat(accountStore().create(other, List.of(free, clash))).isFalse();
    assertThat(accountStore().find(other.id())).isEmpty();
    assertThat(accountStore().findToken(free.hash())).isEmpty();
    assertThat(accountStore().findToken(clash.hash())).isEmpty();
    assertThat(accountStore().findToken(taken.hash())).contains(taken);
    assertThat(accountStore().create(other, List.of(free))).isTrue();
  }

  @Test
  default void anIdOfArchiveSettingsIsTaken() {
    ArchiveSettings settings = Samples.settings(Samples.id(), Samples.id());
    assertThat(
            archiveSettingsStore()
                .save(settings, List.of(Samples.claim(settings)), Samples.saved(settings)))
        .isEqualTo(ArchiveSettingsStore.Saved.YES);
    assertNothingStoredFor(settings.id());
    assertThat(accountStore().find(settings.id())).isEmpty();
  }

  @Test
  default void anIdOfARestoreIsTaken() {
    Restore restore = Samples.restore(Samples.id(), Samples.id(), Instant.EPOCH);
    RestoreSlots slots = Samples.with(RestoreSlots.none(restore.accountId()), restore);
    assertThat(restoreStore().create(restore, slots, Samples.started(restore)))
        .isEqualTo(RestoreStore.Created.YES);
    assertNothingStoredFor(restore.id());
    assertThat(accountStore().find(restore.id())).isEmpty();
  }

  @Test
  default void ofManyAccountsWithOneIdExactlyOneIsCreated() {
    int id = Samples.id();
    List<Account> accounts =
        List.of(1, 2, 3, 4, 5, 6, 7, 8).stream().map(i -> Samples.account(id)).toList();
    List<TokenRecord> tokens = accounts.stream().map(a -> Samples.token(id, "api")).toList();

    List<Boolean> created =
        Together.run(8, i -> accountStore().create(accounts.get(i), List.of(tokens.get(i))));

    assertThat(created).containsOnlyOnce(true);
    int winner = created.indexOf(true);
    assertThat(accountStore().find(id)).contains(accounts.get(winner));
    for (int i = 0; i < 8; i++) {
      assertThat(accountStore().findToken(tokens.get(i).hash()).isPresent()).isEqualTo(i == winner);
    }
  }

  @Test
  default void aRemovedAccountIsGoneWithAllItsTokens() {
    Account account = Samples.account(Samples.id());
    Account other = Samples.account(Samples.id());
    List<TokenRecord> tokens =
        IntStream.range(0, 20).mapToObj(i -> Samples.token(account.id(), "token " + i)).toList();
    TokenRecord othersToken = Samples.token(other.id(), "token 1");
    assertThat(accountStore().create(account, tokens)).isTrue();
    assertThat(accountStore().create(other, List.of(othersToken))).isTrue();

    assertThat(accountStore().remove(account.id())).isTrue();
    assertThat(accountStore().find(account.id())).isEmpty();
    for (TokenRecord token : tokens) {
      assertThat(accountStore().findToken(token.hash())).isEmpty();
    }
    assertThat(accountStore().find(other.id())).contains(other);
    assertThat(accountStore().findToken(othersToken.hash())).contains(othersToken);
  }

  @Test
  default void anAccountIsRemovedOnce() {
    Account account = Samples.account(Samples.id());
    assertThat(accountStore().create(account, List.of())).isTrue();
    List<Boolean> removed = Together.run(8, i -> accountStore().remove(account.id()));
    assertThat(removed).containsOnlyOnce(true);
    assertThat(accountStore().remove(account.id())).isFalse();
    assertThat(accountStore().remove(Samples.id())).isFalse();
  }

  @Test
  default void aRemovedAccountsIdStaysTaken() {
    Account account = Samples.account(Samples.id());
    assertThat(accountStore().create(account, List.of())).isTrue();
    assertThat(accountStore().remove(account.id())).isTrue();
    assertNothingStoredFor(account.id());
    assertThat(accountStore().find(account.id())).isEmpty();
  }

  @Test
  default void aRemovedAccountLeavesTheHistoryOfItsRestores() {
    Account account = Samples.account(Samples.id());
    assertThat(accountStore().create(account, List.of())).isTrue();
    Restore restore = Samples.restore(Samples.id(), account.id(), Instant.EPOCH);
    RestoreSlots slots = Samples.with(RestoreSlots.none(account.id()), restore);
    assertThat(restoreStore().create(restore, slots, Samples.started(restore)))
        .isEqualTo(RestoreStore.Created.YES);
    assertThat(accountStore().remove(account.id())).isTrue();
    assertThat(restoreStore().find(restore.id())).contains(restore);
    assertThat(restoreStore().slots(account.id())).isEqualTo(slots);
  }

  private void assertNothingStoredFor(int takenId) {
    TokenRecord token = Samples.token(takenId, "api", Scope.INGEST);
    assertThat(accountStore().create(Samples.account(takenId), List.of(token))).isFalse();
    assertThat(accountStore().findToken(token.hash())).isEmpty();
  }
}
