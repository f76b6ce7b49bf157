package io.logarchive.archive;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tests a storage for an account without claiming anything: the test leaves its probe in the
 * bucket, and no ownership proof. A test of stored settings that passes resumes suspended ones.
 */
public final class TestArchiveSettings {

  /**
   * What to test.
   *
   * @param settingsId settings of the account's, for what is not given; null for none
   * @param storage null for the one that is stored
   */
  public record Request(@Nullable Integer settingsId, @Nullable StorageRequest storage) {}

  private final AccountStore accounts;
  private final ArchiveSettingsStore store;
  private final StorageRules rules;
  private final ConnectionTest connectionTest;
  private final SecretSealer sealer;
  private final AuditTrail audit;

  public TestArchiveSettings(
      AccountStore accounts,
      ArchiveSettingsStore store,
      StorageRules rules,
      ConnectionTest connectionTest,
      SecretSealer sealer,
      AuditTrail audit) {
    this.accounts = accounts;
    this.store = store;
    this.rules = rules;
    this.connectionTest = connectionTest;
    this.sealer = sealer;
    this.audit = audit;
  }

  public SettingsOutcome run(Caller caller, Request request) {
    Account account = accounts.find(caller.accountId()).orElseThrow(Authentication::invalidToken);
    Integer id = request.settingsId();
    ArchiveSettings stored =
        id == null
            ? null
            : store.find(account.id()).filter(settings -> settings.id() == id).orElse(null);
    if (id != null && stored == null) {
      return new SettingsOutcome.NotFound();
    }
    StorageRequest storage = request.storage();
    if (storage == null) {
      return stored == null ? new SettingsOutcome.NotFound() : testStored(caller, account, stored);
    }
    return switch (rules.resolve(account, storage, stored)) {
      case StorageRules.Resolved.Refused not -> not.outcome();
      case StorageRules.Resolved.Access opened -> test(account, opened.access());
    };
  }

  private SettingsOutcome testStored(Caller caller, Account account, ArchiveSettings stored) {
    SettingsOutcome outcome = test(account, stored.access(stored.storage(), sealer));
    if (stored.suspension() != null
        && outcome instanceof SettingsOutcome.Tested tested
        && tested.report().ok()) {
      resume(caller, stored);
    }
    return outcome;
  }

  /** If somebody else wrote meanwhile, theirs counts: an update tests too. */
  private void resume(Caller caller, ArchiveSettings stored) {
    ArchiveSettings resumed = stored.suspended(null);
    store.save(
        resumed,
        List.of(),
        audit.entry(
            caller.actor(),
            stored.accountId(),
            AuditEntry.Action.SETTINGS_RESUME,
            stored.id(),
            ArchiveSettingsJson.of(stored),
            ArchiveSettingsJson.of(resumed)));
  }

  private SettingsOutcome test(Account account, StorageAccess access) {
    if (rules.taken(account.id(), access.location())) {
      return new SettingsOutcome.Tested(ConnectionTest.taken(access));
    }
    return new SettingsOutcome.Tested(
        connectionTest.run(access, account.uid(), ConnectionTest.Claiming.NOTHING));
  }
}
