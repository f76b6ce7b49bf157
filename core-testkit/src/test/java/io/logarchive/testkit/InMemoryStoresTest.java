package io.logarchive.testkit;

import io.logarchive.account.AccountStore;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.restore.RestoreStore;
import org.junit.jupiter.api.Nested;

final class InMemoryStoresTest {

  @Nested
  final class Accounts extends Stores implements AccountStoreContract {}

  @Nested
  final class Settings extends Stores implements ArchiveSettingsStoreContract {}

  @Nested
  final class Restores extends Stores implements RestoreStoreContract {}

  private abstract static class Stores implements DeploymentStores {
    private final InMemoryIds ids = new InMemoryIds();
    private final AccountStore accounts = new InMemoryAccountStore(ids);
    private final ArchiveSettingsStore settings = new InMemoryArchiveSettingsStore(ids);
    private final RestoreStore restores =
        new InMemoryRestoreStore(ids, RestoreStoreContract.PAGE_SIZE);

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
  }
}
