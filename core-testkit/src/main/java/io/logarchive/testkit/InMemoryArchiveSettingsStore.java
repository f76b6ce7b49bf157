package io.logarchive.testkit;

import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.BucketClaim;
import io.logarchive.audit.AuditEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Archive settings and claims in memory. */
public final class InMemoryArchiveSettingsStore implements ArchiveSettingsStore {
  private final InMemoryIds ids;
  private final InMemoryAuditLog audit;
  private final Map<Integer, ArchiveSettings> settingsByAccount = new HashMap<>();
  private final Map<String, BucketClaim> claims = new HashMap<>();

  public InMemoryArchiveSettingsStore(InMemoryIds ids, InMemoryAuditLog audit) {
    this.ids = ids;
    this.audit = audit;
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
  public synchronized Saved save(
      ArchiveSettings settings, List<BucketClaim> written, AuditEntry entry) {
    if (settings.version() != version(settings) + 1 || !areNext(written)) {
      return Saved.CHANGED;
    }
    if (settings.version() == 1 && !ids.claim(settings.id())) {
      return Saved.ID_TAKEN;
    }
    settingsByAccount.put(settings.accountId(), settings);
    written.forEach(claim -> claims.put(claim.key(), claim));
    audit.add(entry);
    return Saved.YES;
  }

  @Override
  public synchronized boolean remove(
      ArchiveSettings settings, List<BucketClaim> written, AuditEntry entry) {
    if (settings.version() != version(settings) || !areNext(written)) {
      return false;
    }
    settingsByAccount.remove(settings.accountId());
    written.forEach(claim -> claims.put(claim.key(), claim));
    audit.add(entry);
    return true;
  }

  private long version(ArchiveSettings settings) {
    return find(settings.accountId()).map(ArchiveSettings::version).orElse(0L);
  }

  private boolean areNext(List<BucketClaim> written) {
    return written.stream()
        .allMatch(
            claim ->
                claim.version() == findClaim(claim.key()).map(BucketClaim::version).orElse(0L) + 1);
  }
}
