package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore.Removed;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.Scope;
import io.logarchive.account.TokenRecord;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.BucketClaim;
import io.logarchive.audit.AuditEntry;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStatus;
import io.logarchive.restore.RestoreStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link io.logarchive.account.AccountStore} promises. */
public interface AccountStoreContract extends DeploymentStores {

  @Test
  default void anAccountReadsBackAsItWasCreated() {
    Account account = Samples.account(Samples.id());
    assertThat(create(account, List.of())).isTrue();
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
              Instant.parse("1969-12-31T23:59:59.999999999Z"),
              1);
      assertThat(create(account, List.of())).isTrue();
      assertThat(accountStore().find(account.id())).contains(account);
    }
  }

  @Test
  default void firstTokensComeWithTheAccount() {
    int id = Samples.id();
    Instant created = Instant.parse("2026-11-22T17:00:00.123456789Z");
    TokenRecord api = Samples.token(id, "api", Scope.SETTINGS, Scope.RESTORE, Scope.SEARCH);
    TokenRecord all =
        TokenRecord.made(
            Samples.id(),
            Samples.token(id, "all").hash(),
            id,
            "all",
            EnumSet.allOf(Scope.class),
            created,
            created.plusNanos(1));
    TokenRecord nothing = Samples.token(id, "nothing");
    assertThat(create(Samples.account(id), List.of(api, all, nothing))).isTrue();
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
    assertThat(create(first, List.of())).isTrue();
    assertNothingStoredFor(first.id());
    assertThat(accountStore().find(first.id())).contains(first);
  }

  @Test
  default void anIdOfATokenIsTaken() {
    Account account = Samples.account(Samples.id());
    TokenRecord token = Samples.token(account.id(), "api", Scope.SEARCH);
    assertThat(create(account, List.of(token))).isTrue();
    assertNothingStoredFor(token.id());
    assertThat(accountStore().find(token.id())).isEmpty();
  }

  @Test
  default void anAccountWhoseTokensIdIsTakenIsNotCreated() {
    Account account = Samples.account(Samples.id());
    TokenRecord taken = Samples.token(account.id(), "api", Scope.SEARCH);
    assertThat(create(account, List.of(taken))).isTrue();

    Account other = Samples.account(Samples.id());
    TokenRecord free = Samples.token(other.id(), "free", Scope.SEARCH);
    TokenRecord clash =
        TokenRecord.made(
            taken.id(),
            Samples.token(other.id(), "clash").hash(),
            other.id(),
            "clash",
            EnumSet.of(Scope.SEARCH),
            taken.createdAt(),
            null);
    assertThat(create(other, List.of(free, clash))).isFalse();
    assertThat(accountStore().find(other.id())).isEmpty();
    assertThat(accountStore().findToken(free.hash())).isEmpty();
    assertThat(accountStore().findToken(clash.hash())).isEmpty();
    assertThat(accountStore().findToken(taken.hash())).contains(taken);
    assertThat(create(other, List.of(free))).isTrue();
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

    List<Boolean> created = Together.run(8, i -> create(accounts.get(i), List.of(tokens.get(i))));

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
        IntStream.range(0, 25).mapToObj(i -> Samples.token(account.id(), "token " + i)).toList();
    TokenRecord othersToken = Samples.token(other.id(), "token 1");
    assertThat(create(account, tokens)).isTrue();
    assertThat(create(other, List.of(othersToken))).isTrue();

    assertThat(remove(account)).isEqualTo(Removed.YES);
    assertThat(accountStore().find(account.id())).isEmpty();
    assertThat(accountStore().tokens(account.id())).isEmpty();
    for (TokenRecord token : tokens) {
      assertThat(accountStore().findToken(token.hash())).isEmpty();
    }
    assertThat(accountStore().find(other.id())).contains(other);
    assertThat(accountStore().findToken(othersToken.hash())).contains(othersToken);
  }

  @Test
  default void anAccountIsRemovedOnce() {
    AccountTokens tokens = created(Samples.account(Samples.id()));
    List<Removed> removed = Together.run(8, i -> remove(tokens));
    assertThat(removed).containsOnlyOnce(Removed.YES);
    assertThat(removed).filteredOn(each -> each != Removed.YES).containsOnly(Removed.CHANGED);
    assertThat(remove(tokens)).isEqualTo(Removed.CHANGED);
    assertThat(remove(AccountTokens.first(Samples.id(), List.of()))).isEqualTo(Removed.CHANGED);
  }

  @Test
  default void anAccountWhoseTokensChangedSinceTheyWereReadIsNotRemoved() {
    Account account = Samples.account(Samples.id());
    AccountTokens before = created(account);
    TokenRecord more = Samples.token(account.id(), "more", Scope.SEARCH);
    assertThat(changeTokens(before, before.with(more))).isTrue();
    assertThat(remove(before)).isEqualTo(Removed.CHANGED);
    assertThat(accountStore().find(account.id())).contains(account);
    assertThat(accountStore().findToken(more.hash())).contains(more);
  }

  @Test
  default void anAccountWithArchiveSettingsIsNotRemoved() {
    TokenRecord token = Samples.token(Samples.id(), "api", Scope.SEARCH);
    Account account = Samples.account(token.accountId());
    AccountTokens tokens = created(account, token);
    ArchiveSettings settings = Samples.settings(Samples.id(), account.id());
    BucketClaim claim = Samples.claim(settings);
    assertThat(archiveSettingsStore().save(settings, List.of(claim), Samples.saved(settings)))
        .isEqualTo(ArchiveSettingsStore.Saved.YES);

    assertThat(remove(tokens)).isEqualTo(Removed.IN_USE);
    assertThat(accountStore().find(account.id())).contains(account);
    assertThat(accountStore().tokens(account.id())).contains(tokens);
    assertThat(accountStore().findToken(token.hash())).contains(token);

    assertThat(
            archiveSettingsStore()
                .remove(settings, List.of(claim.without(account.id())), Samples.saved(settings)))
        .isTrue();
    assertThat(remove(tokens)).isEqualTo(Removed.YES);
  }

  @Test
  default void aRemovedAccountsIdStaysTaken() {
    TokenRecord token = Samples.token(Samples.id(), "api", Scope.SEARCH);
    Account account = Samples.account(token.accountId());
    created(account, token);
    assertThat(remove(account)).isEqualTo(Removed.YES);
    assertNothingStoredFor(account.id());
    assertNothingStoredFor(token.id());
    assertThat(accountStore().find(account.id())).isEmpty();
  }

  @Test
  default void anAccountIsRemovedOnceNoRestoreHoldsASlotAndLeavesTheirHistory() {
    Account account = Samples.account(Samples.id());
    created(account);
    Restore restore = Samples.restore(Samples.id(), account.id(), Instant.EPOCH);
    RestoreSlots slots = Samples.with(RestoreSlots.none(account.id()), restore);
    assertThat(restoreStore().create(restore, slots, Samples.started(restore)))
        .isEqualTo(RestoreStore.Created.YES);
    assertThat(remove(account)).isEqualTo(Removed.IN_USE);
    assertThat(accountStore().find(account.id())).contains(account);

    Restore ended = Samples.changed(restore, RestoreStatus.DELETED);
    RestoreSlots free = new RestoreSlots(account.id(), List.of(), slots.version() + 1);
    assertThat(restoreStore().update(ended, free)).isTrue();
    assertThat(remove(account)).isEqualTo(Removed.YES);
    assertThat(restoreStore().find(restore.id())).contains(ended);
    assertThat(restoreStore().slots(account.id())).isEqualTo(free);
  }

  /** Whoever makes settings looks for the account after that; whoever removes it, before. */
  @Test
  default void anAccountNeverGoesWhileItsSettingsCome() {
    for (int i = 0; i < 10; i++) {
      Account account = Samples.account(Samples.id());
      AccountTokens tokens = created(account);
      ArchiveSettings settings = Samples.settings(Samples.id(), account.id());
      List<String> seen =
          Together.run(
              2,
              which -> {
                if (which == 0) {
                  return remove(tokens).name();
                }
                archiveSettingsStore()
                    .save(settings, List.of(Samples.claim(settings)), Samples.saved(settings));
                return accountStore().find(account.id()).isPresent() ? "there" : "gone";
              });
      assertThat(seen).isIn(List.of("YES", "gone"), List.of("IN_USE", "there"));
    }
  }

  @Test
  default void accountsAreListedInTheOrderOfIdsBehindOne() {
    List<Account> accounts =
        IntStream.range(0, 5)
            .map(i -> 900_000 - i * 7)
            .mapToObj(i -> Samples.account(i))
            .sorted(Comparator.comparing(Account::id))
            .toList();
    accounts.forEach(this::created);
    int first = accounts.getFirst().id();
    assertThat(accountStore().list(first - 1, 5)).isEqualTo(accounts);
    assertThat(accountStore().list(first - 1, 2)).isEqualTo(accounts.subList(0, 2));
    assertThat(accountStore().list(accounts.get(1).id(), 3)).isEqualTo(accounts.subList(2, 5));
    assertThat(accountStore().list(accounts.get(1).id() + 1, 3)).isEqualTo(accounts.subList(2, 5));
    assertThat(accountStore().list(Integer.MAX_VALUE, 10)).isEmpty();

    assertThat(remove(accounts.get(3))).isEqualTo(Removed.YES);
    Account renamed = accounts.get(2).changed("renamed", BigDecimal.TEN);
    assertThat(update(renamed)).isTrue();
    assertThat(accountStore().list(accounts.get(1).id(), 2))
        .containsExactly(renamed, accounts.get(4));
  }

  @Test
  default void idsOfEveryLengthAreListedByNumber() {
    List<Account> accounts =
        IntStream.of(7, 80, 1_000, Integer.MAX_VALUE - 1).mapToObj(Samples::account).toList();
    accounts.forEach(this::created);
    assertThat(accountStore().list(0, Integer.MAX_VALUE)).containsSubsequence(accounts);
    assertThat(accountStore().list(Integer.MAX_VALUE - 2, 10)).containsExactly(accounts.get(3));
    accounts.forEach(this::remove);
  }

  @Test
  default void anAccountIsStoredOverTheVersionJustBefore() {
    Account first = Samples.account(Samples.id());
    assertThat(update(first)).isFalse();
    assertThat(update(first.changed("early", BigDecimal.ONE))).isFalse();
    assertThat(accountStore().find(first.id())).isEmpty();
    created(first);
    Account second = first.changed("second", new BigDecimal("0.50"));
    Account third = second.changed("third", BigDecimal.ONE);
    assertThat(update(first)).isFalse();
    assertThat(update(third)).isFalse();
    assertThat(update(second)).isTrue();
    assertThat(update(second)).isFalse();
    assertThat(accountStore().find(first.id())).contains(second);
    assertThat(update(third)).isTrue();
    assertThat(accountStore().find(first.id())).contains(third);
  }

  @Test
  default void ofManyChangesOfOneVersionExactlyOneIsStored() {
    Account account = Samples.account(Samples.id());
    created(account);
    List<Account> changed =
        IntStream.range(0, 8).mapToObj(i -> account.changed("n" + i, BigDecimal.ONE)).toList();
    List<Boolean> stored = Together.run(8, i -> update(changed.get(i)));
    assertThat(stored).containsOnlyOnce(true);
    assertThat(accountStore().find(account.id())).contains(changed.get(stored.indexOf(true)));
  }

  @Test
  default void anAccountsTokensReadBackInTheirOrder() {
    Account account = Samples.account(Samples.id());
    AccountTokens tokens = createdWithFifty(account);
    assertThat(tokens.tokens()).hasSize(50).extracting(TokenRecord::name).startsWith("t0", "t1");
    assertThat(tokens.version()).isEqualTo(2);
    for (TokenRecord token : tokens.tokens()) {
      assertThat(accountStore().findToken(token.hash())).contains(token);
    }
    assertThat(accountStore().tokens(Samples.id())).isEmpty();
  }

  @Test
  default void tokensComeChangeAndGoTogether() {
    int id = Samples.id();
    TokenRecord stays = Samples.token(id, "stays", Scope.SEARCH);
    TokenRecord goes = Samples.token(id, "goes", Scope.RESTORE);
    TokenRecord old = Samples.token(id, "rotated", Scope.INGEST);
    AccountTokens before = created(Samples.account(id), stays, goes, old);
    TokenRecord next = Samples.token(id, "rotated", Scope.INGEST);
    Instant end = Instant.parse("2026-12-01T00:00:00.000000001Z");
    AccountTokens after = next(before.without(goes.id()).rotated(old, next, end), 2);

    assertThat(changeTokens(before, after)).isTrue();
    TokenRecord ending = after.withId(old.id()).orElseThrow();
    assertThat(ending.expiresAt()).isEqualTo(end);
    assertThat(ending.replacedBy()).isEqualTo(next.id());
    assertThat(accountStore().tokens(id)).contains(after);
    assertThat(accountStore().findToken(stays.hash())).contains(stays);
    assertThat(accountStore().findToken(goes.hash())).isEmpty();
    assertThat(accountStore().findToken(old.hash())).contains(ending);
    assertThat(accountStore().findToken(next.hash())).contains(next);
    assertNothingStoredFor(next.id());
    assertNothingStoredFor(goes.id());
  }

  @Test
  default void aTokenGoesWithoutAnyThatComes() {
    int id = Samples.id();
    TokenRecord goes = Samples.token(id, "goes", Scope.RESTORE);
    AccountTokens before = created(Samples.account(id), goes);
    assertThat(changeTokens(before, before.without(goes.id()))).isTrue();
    assertThat(accountStore().findToken(goes.hash())).isEmpty();
    assertThat(accountStore().tokens(id)).contains(new AccountTokens(id, List.of(), 2));
  }

  @Test
  default void fiftyTokensGoAtOnce() {
    Account account = Samples.account(Samples.id());
    AccountTokens before = createdWithFifty(account);
    TokenRecord last = Samples.token(account.id(), "last", Scope.SEARCH);
    AccountTokens after = new AccountTokens(account.id(), List.of(last), before.version() + 1);
    assertThat(changeTokens(before, after)).isTrue();
    assertThat(before.tokens()).allMatch(token -> accountStore().findToken(token.hash()).isEmpty());
    assertThat(accountStore().findToken(last.hash())).contains(last);
  }

  @Test
  default void anAccountGoesWithFiftyTokens() {
    Account account = Samples.account(Samples.id());
    AccountTokens tokens = createdWithFifty(account);
    assertThat(remove(tokens)).isEqualTo(Removed.YES);
    assertThat(tokens.tokens()).allMatch(token -> accountStore().findToken(token.hash()).isEmpty());
  }

  @Test
  default void tokensThatChangedSinceTheyWereReadAreNotStoredOver() {
    int id = Samples.id();
    TokenRecord first = Samples.token(id, "first", Scope.SEARCH);
    AccountTokens before = created(Samples.account(id), first);
    AccountTokens after = before.with(Samples.token(id, "second", Scope.SEARCH));
    assertThat(changeTokens(before, after)).isTrue();

    TokenRecord late = Samples.token(id, "late", Scope.SEARCH);
    assertThat(changeTokens(before, before.with(late))).isFalse();
    assertThat(changeTokens(before, before.without(first.id()))).isFalse();
    assertThat(changeTokens(after, next(after.with(late), 5))).isFalse();
    assertThat(accountStore().tokens(id)).contains(after);
    assertThat(accountStore().findToken(late.hash())).isEmpty();
    assertThat(accountStore().findToken(first.hash())).contains(first);
    assertThat(changeTokens(after, after.with(late))).isTrue();
  }

  @Test
  default void aTokenWhoseIdIsTakenIsNotStored() {
    Account account = Samples.account(Samples.id());
    AccountTokens before = created(account);
    TokenRecord sample = Samples.token(account.id(), "clash", Scope.SEARCH);
    TokenRecord clash =
        TokenRecord.made(
            account.id(),
            sample.hash(),
            account.id(),
            "clash",
            sample.scopes(),
            sample.createdAt(),
            null);
    assertThat(changeTokens(before, before.with(clash))).isFalse();
    assertThat(accountStore().tokens(account.id())).contains(before);
    assertThat(accountStore().findToken(clash.hash())).isEmpty();
  }

  @Test
  default void aRemovedAccountGetsNoTokens() {
    Account account = Samples.account(Samples.id());
    AccountTokens before = created(account);
    assertThat(remove(account)).isEqualTo(Removed.YES);
    TokenRecord late = Samples.token(account.id(), "late", Scope.SEARCH);
    assertThat(changeTokens(before, before.with(late))).isFalse();
    assertThat(accountStore().findToken(late.hash())).isEmpty();
    assertThat(accountStore().tokens(account.id())).isEmpty();
  }

  @Test
  default void ofManyChangesOfTokensExactlyOneIsStored() {
    int id = Samples.id();
    AccountTokens before = created(Samples.account(id));
    List<TokenRecord> tokens =
        IntStream.range(0, 8).mapToObj(i -> Samples.token(id, "name", Scope.SEARCH)).toList();
    List<Boolean> stored = Together.run(8, i -> changeTokens(before, before.with(tokens.get(i))));
    assertThat(stored).containsOnlyOnce(true);
    TokenRecord winner = tokens.get(stored.indexOf(true));
    assertThat(accountStore().tokens(id).orElseThrow().tokens()).containsExactly(winner);
    for (TokenRecord token : tokens) {
      assertThat(accountStore().findToken(token.hash()).isPresent())
          .isEqualTo(token.equals(winner));
    }
  }

  private AccountTokens created(Account account, TokenRecord... tokens) {
    assertThat(create(account, List.of(tokens))).isTrue();
    return accountStore().tokens(account.id()).orElseThrow();
  }

  /** A store need not take more than 25 new ones at once. */
  private AccountTokens createdWithFifty(Account account) {
    List<TokenRecord> tokens =
        IntStream.range(0, 50)
            .mapToObj(i -> Samples.token(account.id(), "t" + i, Scope.INGEST))
            .toList();
    AccountTokens before = created(account, tokens.subList(0, 25).toArray(TokenRecord[]::new));
    assertThat(changeTokens(before, new AccountTokens(account.id(), tokens, 2))).isTrue();
    return accountStore().tokens(account.id()).orElseThrow();
  }

  private Removed remove(Account account) {
    return remove(accountStore().tokens(account.id()).orElseThrow());
  }

  private static AccountTokens next(AccountTokens tokens, long version) {
    return new AccountTokens(tokens.accountId(), tokens.tokens(), version);
  }

  private void assertNothingStoredFor(int takenId) {
    TokenRecord token = Samples.token(takenId, "api", Scope.INGEST);
    assertThat(create(Samples.account(takenId), List.of(token))).isFalse();
    assertThat(accountStore().findToken(token.hash())).isEmpty();
  }

  @Test
  default void everyChangeLeavesItsEntryAndOneThatIsRefusedLeavesNone() {
    int id = Samples.id();
    Account account = Samples.account(id);
    AccountTokens first = AccountTokens.first(id, List.of());
    AccountTokens more = first.with(Samples.token(id, "more"));
    AuditEntry refused = Samples.changed(id);
    List<AuditEntry> entries = Stream.generate(() -> Samples.changed(id)).limit(4).toList();
    assertThat(accountStore().create(account, List.of(), entries.get(0))).isTrue();
    assertThat(accountStore().create(account, List.of(), refused)).isFalse();
    Account renamed = account.changed("renamed", BigDecimal.ONE);
    assertThat(accountStore().update(renamed, entries.get(1))).isTrue();
    assertThat(accountStore().update(renamed, refused)).isFalse();
    assertThat(accountStore().changeTokens(first, more, entries.get(2))).isTrue();
    assertThat(accountStore().changeTokens(first, more, refused)).isFalse();
    assertThat(accountStore().remove(first, refused)).isEqualTo(Removed.CHANGED);
    assertThat(accountStore().remove(more, entries.get(3))).isEqualTo(Removed.YES);
    assertThat(auditLog().page(id, null).entries()).containsExactlyInAnyOrderElementsOf(entries);
  }

  private boolean create(Account account, List<TokenRecord> tokens) {
    return accountStore().create(account, tokens, Samples.changed(account.id()));
  }

  private boolean update(Account account) {
    return accountStore().update(account, Samples.changed(account.id()));
  }

  private boolean changeTokens(AccountTokens before, AccountTokens after) {
    return accountStore().changeTokens(before, after, Samples.changed(before.accountId()));
  }

  private Removed remove(AccountTokens tokens) {
    return accountStore().remove(tokens, Samples.changed(tokens.accountId()));
  }
}
