package io.logarchive.admin;

import io.logarchive.account.AccountStore;
import io.logarchive.account.Caller;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.RemoveArchiveSettings;
import io.logarchive.restore.RemoveRestore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes an account and its tokens. What lies in its bucket stays, and so does the history of its
 * restores, which nobody can read any more. One that failed on the way is to be called again.
 */
public final class RemoveAccount {

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

    /**
     * These are not to go, each described in a few words: so the account stays; unless they came
     * while it was removed, then they are what is left of it.
     */
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

  public RemoveAccount(
      AccountStore accounts,
      ArchiveSettingsStore settings,
      RemoveArchiveSettings removeArchiveSettings,
      RestoreStore restores,
      RemoveRestore removeRestore) {
    this.accounts = accounts;
    this.settings = settings;
    this.removeArchiveSettings = removeArchiveSettings;
    this.restores = restores;
    this.removeRestore = removeRestore;
  }

  public Outcome run(int accountId, Holdings holdings) {
    List<String> held = held(accountId);
    // One that failed on the way may have left holdings without their account.
    if (held.isEmpty() && accounts.find(accountId).isEmpty()) {
      return new Outcome.NotFound();
    }
    return switch (holdings) {
      case KEEP_THE_ACCOUNT -> held.isEmpty() ? removeAlone(accountId) : new Outcome.Held(held);
      case GO_WITH_IT -> removeWithHoldings(accountId);
    };
  }

  /** What a request under way has added by then stays, until somebody says that it is to go. */
  private Outcome removeAlone(int accountId) {
    boolean removed = accounts.remove(accountId);
    List<String> held = held(accountId);
    if (!held.isEmpty()) {
      return new Outcome.Held(held);
    }
    return removed ? new Outcome.Removed() : new Outcome.NotFound();
  }

  private Outcome removeWithHoldings(int accountId) {
    removeHoldings(accountId);
    accounts.remove(accountId);
    // Once more: a request of the account's own may have been under way.
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
