package io.logarchive.testkit;

import io.logarchive.restore.RestoredAccounts;

final class InMemoryRestoredAccountsTest implements RestoredAccountsContract {
  private final InMemoryRestoredAccounts accounts = new InMemoryRestoredAccounts();

  @Override
  public RestoredAccounts restoredAccounts() {
    return accounts;
  }
}
