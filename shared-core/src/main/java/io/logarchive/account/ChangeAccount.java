package io.logarchive.account;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import io.logarchive.fault.ServiceException;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes an account's name and daily volume. Restores that were started before keep theirs. */
public final class ChangeAccount {
  private static final int TRIES = 20;

  private final AccountStore accounts;
  private final AuditTrail audit;

  public ChangeAccount(AccountStore accounts, AuditTrail audit) {
    this.accounts = accounts;
    this.audit = audit;
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
      AuditEntry entry =
          audit.entry(
              new AuditEntry.Actor.Admin(),
              accountId,
              AuditEntry.Action.ACCOUNT_UPDATE,
              accountId,
              AccountJson.of(found.get()),
              AccountJson.of(after));
      if (accounts.update(after, entry)) {
        return Optional.of(after);
      }
    }
    throw new ServiceException.Unavailable("ChangeAccount", "TooManyAtOnce", null, null);
  }
}
