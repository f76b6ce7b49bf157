package io.logarchive.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Uid;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.testkit.RestoredAccountsContract;
import io.logarchive.testkit.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenSearchNode.class)
class OpenSearchRestoredAccountsTest implements RestoredAccountsContract {
  private final OpenSearchConfig config;
  private final OpenSearchRestoredAccounts accounts;

  OpenSearchRestoredAccountsTest(OpenSearchConfig config) {
    this.config = config;
    this.accounts = new OpenSearchRestoredAccounts(config);
  }

  @Override
  public RestoredAccounts restoredAccounts() {
    return accounts;
  }

  @Test
  void accountsOfAnotherDeploymentOnTheSameClusterAreNotListed() {
    OpenSearchRestoredAccounts others =
        new OpenSearchRestoredAccounts(
            new OpenSearchConfig(config.endpoint(), null, 0, "the \"other\" one"));
    Uid own = Samples.uid();
    Uid foreign = Samples.uid();
    accounts.create(own, 1);
    others.create(foreign, 1);
    assertThat(accounts.list()).containsKey(own).doesNotContainKey(foreign);
    assertThat(others.list()).containsOnlyKeys(foreign);
  }
}
