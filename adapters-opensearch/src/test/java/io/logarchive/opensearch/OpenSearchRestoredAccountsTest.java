package io.logarchive.opensearch;

import io.logarchive.restore.RestoredAccounts;
import io.logarchive.testkit.RestoredAccountsContract;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenSearchNode.class)
class OpenSearchRestoredAccountsTest implements RestoredAccountsContract {
  private final OpenSearchRestoredAccounts accounts;

  OpenSearchRestoredAccountsTest(OpenSearchConfig config) {
    this.accounts = new OpenSearchRestoredAccounts(config);
  }

  @Override
  public RestoredAccounts restoredAccounts() {
    return accounts;
  }
}
