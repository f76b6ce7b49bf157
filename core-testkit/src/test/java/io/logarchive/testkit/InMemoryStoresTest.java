package io.logarchive.testkit;

import io.logarchive.account.AccountStore;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import io.logarchive.limit.RequestWindows;
import io.logarchive.restore.RestoreStore;
import org.junit.jupiter.api.Nested;

final class InMemoryStoresTest {

  @Nested
  final class Accounts extends Stores implements AccountStoreContract {}

  @Nested
  final class Settings extends Stores implements ArchiveSettingsStoreContract {}

  @Nested
  final class Restores extends Stores implements RestoreStoreContract {}

  @Nested
  final class Audit implements AuditLogContract {
    private final InMemoryAuditLog log = new InMemoryAuditLog(PAGE_SIZE);

    @Override
    public AuditLog auditLog() {
      return log;
    }

    @Override
    public void write(AuditEntry entry) {
      log.add(entry);
    }
  }

  @Nested
  final class Windows implements RequestWindowsContract {
    private final RequestWindows windows = new InMemoryRequestWindows();

    @Override
    public RequestWindows requestWindows() {
      return windows;
    }
  }

  private abstract static class Stores implements DeploymentStores {
    private final InMemoryIds ids = new InMemoryIds();
    private final InMemoryAuditLog audit = new InMemoryAuditLog(AuditLogContract.PAGE_SIZE);
    private final InMemoryArchiveSettingsStore settings =
        new InMemoryArchiveSettingsStore(ids, audit);
    private final InMemoryRestoreStore restores =
        new InMemoryRestoreStore(ids, audit, RestoreStoreContract.PAGE_SIZE);
    private final AccountStore accounts = new InMemoryAccountStore(ids, settings, restores, audit);

    @Override
    public AccountStore accountStore() {
      return accounts;
    }

    @Override
    public ArchiveSettingsStore archiveSettingsStore() {
      return settings;
    }

    @Override
    public RestoreStore restoreStore() {
      return restores;
    }

    @Override
    public AuditLog auditLog() {
      return audit;
    }
  }
}
