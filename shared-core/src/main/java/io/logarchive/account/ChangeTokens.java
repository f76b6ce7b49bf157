package io.logarchive.account;

import io.logarchive.fault.ServiceException;
import java.time.Instant;
import java.time.InstantSource;
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
   * What was decided.
   *
   * @param after what to store; null for nothing
   */
  record Decision<T>(@Nullable AccountTokens after, T outcome) {}

  private final AccountStore accounts;
  private final InstantSource clock;

  ChangeTokens(AccountStore accounts, InstantSource clock) {
    this.accounts = accounts;
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
      AccountTokens after = decision.after();
      if (after == null || accounts.changeTokens(before.get(), after)) {
        return Optional.of(decision.outcome());
      }
    }
    throw new ServiceException.Unavailable("ChangeTokens", "TooManyAtOnce", null, null);
  }
}
