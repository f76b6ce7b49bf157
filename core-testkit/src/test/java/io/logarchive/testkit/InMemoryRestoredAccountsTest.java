package io.logarchive.testkit;

import io.logarchive.restore.RestoredAccounts;
import java.time.InstantSource;

final class InMemoryRestoredAccountsTest implements RestoredAccountsContract {
  private final InMemoryRestoredAccounts accounts =
      new InMemoryRestoredAccounts(InstantSource.system());

  @Override
  public RestoredAccounts restoredAccounts() {
    return accounts;
  }
}
