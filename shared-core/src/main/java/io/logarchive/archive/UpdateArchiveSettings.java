package io.logarchive.archive;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import io.logarchive.fault.ServiceException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replaces an account's archive settings. The storage is tested as when it was set up, unless all
 * that changes is that archiving pauses. Another place keeps the one before as an earlier location:
 * its bucket stays the account's, and restores still read it.
 */
public final class UpdateArchiveSettings {
  private static final int TRIES = 4;
  private static final int MOST_EARLIER = 20;

  private final AccountStore accounts;
  private final ArchiveSettingsStore store;
  private final StorageRules rules;
  private final ConnectionTest connectionTest;
  private final AuditTrail audit;
  private final InstantSource clock;

  public UpdateArchiveSettings(
      AccountStore accounts,
      ArchiveSettingsStore store,
      StorageRules rules,
      ConnectionTest connectionTest,
      AuditTrail audit,
      InstantSource clock) {
    this.accounts = accounts;
    this.store = store;
    this.rules = rules;
    this.connectionTest = connectionTest;
    this.audit = audit;
    this.clock = clock;
  }

  public SettingsOutcome run(Caller caller, int settingsId, ArchiveSettingsRequest request) {
    Account account = accounts.find(caller.accountId()).orElseThrow(Authentication::invalidToken);
    for (int i = 0; i < TRIES; i++) {
      Optional<ArchiveSettings> stored =
          store.find(account.id()).filter(settings -> settings.id() == settingsId);
      if (stored.isEmpty()) {
        return new SettingsOutcome.NotFound();
      }
      Optional<SettingsOutcome> outcome = tried(caller, account, stored.get(), request);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    throw new ServiceException.Unavailable("UpdateArchiveSettings", "TooManyAtOnce", null, null);
  }

  /** Empty if somebody else wrote in between. */
  private Optional<SettingsOutcome> tried(
      Caller caller, Account account, ArchiveSettings stored, ArchiveSettingsRequest request) {
    StorageLocation location = request.storage().location();
    BucketClaim claim = store.claim(location);
    if (rules.taken(account.id(), location)) {
      return Optional.of(new SettingsOutcome.Taken(location));
    }
    if (stored.earlierThan(location, clock.instant()).size() > MOST_EARLIER) {
      return Optional.of(new SettingsOutcome.TooManyLocations(MOST_EARLIER));
    }
    return switch (rules.resolve(account, request.storage(), stored)) {
      case StorageRules.Resolved.Refused not -> Optional.of(not.outcome());
      case StorageRules.Resolved.Access opened ->
          update(caller, account, stored, request, opened.access(), claim);
    };
  }

  private Optional<SettingsOutcome> update(
      Caller caller,
      Account account,
      ArchiveSettings stored,
      ArchiveSettingsRequest request,
      StorageAccess access,
      BucketClaim claim) {
    String known = sameLocation(stored, access) ? owner(stored.storage()) : null;
    ArchiveSettings untested = next(stored, request, access, known, stored.suspension());
    if (untested.onlyPauses(stored)) {
      return saved(caller, stored, untested, claim);
    }
    ConnectionTest.Report report = connectionTest.run(access, account.uid(), request.claiming());
    return report.ok()
        ? saved(caller, stored, next(stored, request, access, report.bucketOwner(), null), claim)
        : Optional.of(new SettingsOutcome.TestFailed(report));
  }

  private ArchiveSettings next(
      ArchiveSettings stored,
      ArchiveSettingsRequest request,
      StorageAccess access,
      @Nullable String owner,
      @Nullable String suspension) {
    Instant now = clock.instant();
    return new ArchiveSettings(
        stored.id(),
        stored.accountId(),
        stored.accountUid(),
        rules.sealed(request.storage(), access, owner, stored.sealContext(), stored.storage()),
        sameLocation(stored, access) ? stored.since() : now,
        request.enabled(),
        request.compression(),
        suspension,
        stored.earlierThan(access.location(), now),
        stored.createdAt(),
        stored.version() + 1);
  }

  private Optional<SettingsOutcome> saved(
      Caller caller, ArchiveSettings stored, ArchiveSettings next, BucketClaim claim) {
    StorageLocation location = next.storage().location();
    AuditEntry entry =
        audit.entry(
            caller.actor(),
            next.accountId(),
            AuditEntry.Action.SETTINGS_UPDATE,
            next.id(),
            ArchiveSettingsJson.of(stored),
            ArchiveSettingsJson.of(next));
    List<BucketClaim> claims =
        location.equals(stored.storage().location())
            ? List.of()
            : List.of(claim.with(location.prefix(), next.accountId()));
    return store.save(next, claims, entry) == ArchiveSettingsStore.Saved.YES
        ? Optional.of(new SettingsOutcome.Saved(next))
        : Optional.empty();
  }

  private static boolean sameLocation(ArchiveSettings stored, StorageAccess access) {
    return access.location().equals(stored.storage().location());
  }

  private static @Nullable String owner(StorageSettings storage) {
    return storage instanceof S3Settings s3 ? s3.options().owner() : null;
  }
}
