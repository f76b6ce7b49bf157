package io.logarchive.archive;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Ids;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import io.logarchive.fault.ServiceException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Sets up an account's archive: tests the storage, claims the bucket, seals the secret, stores. The
 * deployment stores nothing unless all of it works; the test leaves its probe and the account's
 * ownership proof in the bucket.
 */
public final class CreateArchiveSettings {
  private static final int TRIES = 10;

  private final AccountStore accounts;
  private final ArchiveSettingsStore store;
  private final RemoveArchiveSettings removeArchiveSettings;
  private final StorageRules rules;
  private final ConnectionTest connectionTest;
  private final AuditTrail audit;
  private final Ids ids;
  private final InstantSource clock;

  public CreateArchiveSettings(
      AccountStore accounts,
      ArchiveSettingsStore store,
      RemoveArchiveSettings removeArchiveSettings,
      StorageRules rules,
      ConnectionTest connectionTest,
      AuditTrail audit,
      Ids ids,
      InstantSource clock) {
    this.accounts = accounts;
    this.store = store;
    this.removeArchiveSettings = removeArchiveSettings;
    this.rules = rules;
    this.connectionTest = connectionTest;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
  }

  public SettingsOutcome run(Caller caller, ArchiveSettingsRequest request) {
    Account account = accounts.find(caller.accountId()).orElseThrow(Authentication::invalidToken);
    Optional<SettingsOutcome> refused = refusal(account, request);
    if (refused.isPresent()) {
      return refused.get();
    }
    return switch (rules.resolve(account, request.storage(), null)) {
      case StorageRules.Resolved.Refused not -> not.outcome();
      case StorageRules.Resolved.Access opened -> create(caller, account, request, opened.access());
    };
  }

  private SettingsOutcome create(
      Caller caller, Account account, ArchiveSettingsRequest request, StorageAccess access) {
    ConnectionTest.Report report = connectionTest.run(access, account.uid(), request.claiming());
    if (!report.ok()) {
      return new SettingsOutcome.TestFailed(report);
    }
    for (int i = 0; i < TRIES; i++) {
      BucketClaim claim = store.claim(access.location());
      Optional<SettingsOutcome> refused = refusal(account, request);
      if (refused.isPresent()) {
        return refused.get();
      }
      int id = ids.id();
      ArchiveSettings settings =
          ArchiveSettings.created(
              id,
              account.id(),
              account.uid(),
              rules.sealed(
                  request.storage(),
                  access,
                  report.bucketOwner(),
                  new SecretSealer.SealContext(account.uid(), id),
                  null),
              request.enabled(),
              request.compression(),
              clock.instant());
      if (store.save(
              settings,
              List.of(claim.with(access.location().prefix(), account.id())),
              entry(caller, settings))
          == ArchiveSettingsStore.Saved.YES) {
        return kept(settings);
      }
    }
    throw new ServiceException.Unavailable("CreateArchiveSettings", "TooManyAtOnce", null, null);
  }

  /** Before the storage is called, and again whenever somebody else wrote in between. */
  private Optional<SettingsOutcome> refusal(Account account, ArchiveSettingsRequest request) {
    Optional<ArchiveSettings> existing = store.find(account.id());
    if (existing.isPresent()) {
      return Optional.of(new SettingsOutcome.Exists(existing.get().id()));
    }
    StorageLocation location = request.storage().location();
    return rules.taken(account.id(), location)
        ? Optional.of(new SettingsOutcome.Taken(location))
        : Optional.empty();
  }

  private AuditEntry entry(Caller caller, ArchiveSettings settings) {
    return audit.entry(
        caller.actor(),
        settings.accountId(),
        AuditEntry.Action.SETTINGS_CREATE,
        settings.id(),
        null,
        ArchiveSettingsJson.of(settings));
  }

  /** Whoever removes an account looks for its settings after that, and so finds these. */
  private SettingsOutcome kept(ArchiveSettings settings) {
    if (accounts.find(settings.accountId()).isPresent()) {
      return new SettingsOutcome.Saved(settings);
    }
    removeArchiveSettings.run(Caller.deploymentFor(settings.accountId()), settings.id());
    throw Authentication.invalidToken();
  }
}
