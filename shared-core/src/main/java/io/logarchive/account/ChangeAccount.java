package io.logarchive.account;

import io.logarchive.fault.ServiceException;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes an account's name and daily volume. Restores that were started before keep theirs. */
public final class ChangeAccount {
  private static final int TRIES = 20;

  private final AccountStore accounts;

  public ChangeAccount(AccountStore accounts) {
    this.accounts = accounts;
  }

  /**
   * What is null stays.
   *
   * @return the account as it is now; empty if there is none with this id
   */
  public Optional<Account> run(
      int accountId, @Nullable String name, @Nullable BigDecimal maxDailyGb) {
    for (int i = 0; i < TRIES; i++) {
      Optional<Account> found = accounts.find(accountId);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Account after =
          found
              .get()
              .changed(
                  Objects.requireNonNullElse(name, found.get().name()),
                  Objects.requireNonNullElse(maxDailyGb, found.get().maxDailyGb()));
      if (accounts.update(after)) {
        return Optional.of(after);
      }
    }
    throw new ServiceException.Unavailable("ChangeAccount", "TooManyAtOnce", null, null);
  }
}
