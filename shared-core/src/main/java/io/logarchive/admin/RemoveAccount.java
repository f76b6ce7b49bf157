package io.logarchive.admin;

import io.logarchive.account.AccountJson;
import io.logarchive.account.AccountStore;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.Caller;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.RemoveArchiveSettings;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import io.logarchive.fault.ServiceException;
import io.logarchive.restore.RemoveRestore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes an account and its tokens. What lies in its bucket stays, and so does the history of its
 * restores, which nobody can read any more. One that failed on the way is to be called again.
 */
public final class RemoveAccount {
  private static final int TRIES = 10;

  /** What becomes of an account's archive settings and restored accounts. */
  public enum Holdings {
    /** While there are any, the account stays; none is removed. */
    KEEP_THE_ACCOUNT,
    /** They are removed first. */
    GO_WITH_IT
  }

  /** What comes of it. */
  public sealed interface Outcome {
    record Removed() implements Outcome {}

    record NotFound() implements Outcome {}

    /** The account stays, as these do, each described in a few words. */
    record Held(List<String> by) implements Outcome {
      public Held {
        by = List.copyOf(by);
      }
    }
  }

  private final AccountStore accounts;
  private final ArchiveSettingsStore settings;
  private final RemoveArchiveSettings removeArchiveSettings;
  private final RestoreStore restores;
  private final RemoveRestore removeRestore;
  private final AuditTrail audit;

  public RemoveAccount(
      AccountStore accounts,
      ArchiveSettingsStore settings,
      RemoveArchiveSettings removeArchiveSettings,
      RestoreStore restores,
      RemoveRestore removeRestore,
      AuditTrail audit) {
    this.accounts = accounts;
    this.settings = settings;
    this.removeArchiveSettings = removeArchiveSettings;
    this.restores = restores;
    this.removeRestore = removeRestore;
    this.audit = audit;
  }

  public Outcome run(int accountId, Holdings holdings) {
    for (int i = 0; i < TRIES; i++) {
      Optional<AccountTokens> tokens = accounts.tokens(accountId);
      List<String> held = held(accountId);
      if (tokens.isEmpty()) {
        return removeLeftovers(accountId, held);
      }
      if (!held.isEmpty() && holdings == Holdings.KEEP_THE_ACCOUNT) {
        return new Outcome.Held(held);
      }
      if (holdings == Holdings.GO_WITH_IT) {
        removeHoldings(accountId);
      }
      // Refuses if something came in between: nobody is told of a removal that left something.
      if (accounts.remove(tokens.get(), entry(accountId)) == AccountStore.Removed.YES) {
        return new Outcome.Removed();
      }
    }
    throw new ServiceException.Unavailable("RemoveAccount", "TooManyAtOnce", null, null);
  }

  private AuditEntry entry(int accountId) {
    return audit.entry(
        new AuditEntry.Actor.Admin(),
        accountId,
        AuditEntry.Action.ACCOUNT_DELETE,
        accountId,
        accounts.find(accountId).map(AccountJson::of).orElse(null),
        null);
  }

  /** What a request made, which died before it saw that its account was gone. */
  private Outcome removeLeftovers(int accountId, List<String> held) {
    if (held.isEmpty()) {
      return new Outcome.NotFound();
    }
    removeHoldings(accountId);
    return new Outcome.Removed();
  }

  private List<String> held(int accountId) {
    List<String> held = new ArrayList<>();
    settings
        .find(accountId)
        .ifPresent(found -> held.add("its archive in " + found.storage().location().uri()));
    for (RestoreSlots.Holder holder : restores.slots(accountId).holders()) {
      held.add("the restored account \"" + holder.accountName() + "\"");
    }
    return held;
  }

  private void removeHoldings(int accountId) {
    Caller owner = Caller.deploymentFor(accountId);
    for (RestoreSlots.Holder holder : restores.slots(accountId).holders()) {
      removeRestore.run(owner, holder.restoreId());
    }
    settings
        .find(accountId)
        .map(ArchiveSettings::id)
        .ifPresent(id -> removeArchiveSettings.run(owner, id));
  }
}
