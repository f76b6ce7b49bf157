package io.logarchive.testkit;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.BucketClaim;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Archive settings and claims in memory. */
public final class InMemoryArchiveSettingsStore implements ArchiveSettingsStore {
  private final InMemoryIds ids;
  private final Map<Integer, ArchiveSettings> settingsByAccount = new HashMap<>();
  private final Map<String, BucketClaim> claims = new HashMap<>();

  public InMemoryArchiveSettingsStore(InMemoryIds ids) {
    this.ids = ids;
  }

  @Override
  public synchronized Optional<ArchiveSettings> find(int accountId) {
    return Optional.ofNullable(settingsByAccount.get(accountId));
  }

  @Override
  public synchronized Optional<BucketClaim> findClaim(String key) {
    return Optional.ofNullable(claims.get(key));
  }

  @Override
  public synchronized Saved save(ArchiveSettings settings, BucketClaim claim) {
    long settingsVersion = find(settings.accountId()).map(ArchiveSettings::version).orElse(0L);
    long claimVersion = findClaim(claim.key()).map(BucketClaim::version).orElse(0L);
    if (settings.version() != settingsVersion + 1 || claim.version() != claimVersion + 1) {
      return Saved.CHANGED;
    }
    if (settings.version() == 1 && !ids.claim(settings.id())) {
      return Saved.ID_TAKEN;
    }
    settingsByAccount.put(settings.accountId(), settings);
    claims.put(claim.key(), claim);
    return Saved.YES;
  }

  @Override
  public synchronized boolean remove(ArchiveSettings settings, BucketClaim claim) {
    long settingsVersion = find(settings.accountId()).map(ArchiveSettings::version).orElse(0L);
    long claimVersion = findClaim(claim.key()).map(BucketClaim::version).orElse(0L);
    if (settings.version() != settingsVersion || claim.version() != claimVersion + 1) {
      return false;
    }
    settingsByAccount.remove(settings.accountId());
    claims.put(claim.key(), claim);
    return true;
  }
}
