package io.logarchive.account;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads an account's tokens, decides, and stores what was decided unless somebody else wrote in
 * between; then once more. A token that was revoked meanwhile changes nothing any more.
 */
final class ChangeTokens {
  static final int MOST = 50;

  private static final int TRIES = 30;

  /**
   * What to store, and what it does to one token.
   *
   * @param before the token that was there; null of one that is made
   * @param now the token that is there instead; null of one that is removed
   */
  record Change(
      AccountTokens after,
      AuditEntry.Action action,
      @Nullable TokenRecord before,
      @Nullable TokenRecord now) {

    private int subject() {
      return Objects.requireNonNull(before != null ? before : now).id();
    }
  }

  /**
   * What was decided.
   *
   * @param change null for nothing
   */
  record Decision<T>(@Nullable Change change, T outcome) {}

  private final AccountStore accounts;
  private final AuditTrail audit;
  private final InstantSource clock;

  ChangeTokens(AccountStore accounts, AuditTrail audit, InstantSource clock) {
    this.accounts = accounts;
    this.audit = audit;
    this.clock = clock;
  }

  /** Empty if there is no such account. */
  <T> Optional<T> run(
      Administrator by, int accountId, BiFunction<AccountTokens, Instant, Decision<T>> decide) {
    for (int i = 0; i < TRIES; i++) {
      Optional<AccountTokens> before = accounts.tokens(accountId);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      Instant now = clock.instant();
      if (!by.remainsOne(before.get(), now)) {
        throw Authentication.invalidToken();
      }
      Decision<T> decision = decide.apply(before.get().at(now), now);
      Change change = decision.change();
      if (change == null
          || accounts.changeTokens(before.get(), change.after(), entry(by, accountId, change))) {
        return Optional.of(decision.outcome());
      }
    }
    throw new ServiceException.Unavailable("ChangeTokens", "TooManyAtOnce", null, null);
  }

  private AuditEntry entry(Administrator by, int accountId, Change change) {
    return audit.entry(
        by.on(accountId).actor(),
        accountId,
        change.action(),
        change.subject(),
        json(change.before()),
        json(change.now()));
  }

  private static @Nullable JsonObject json(@Nullable TokenRecord token) {
    return token == null ? null : AccountJson.of(token);
  }
}
