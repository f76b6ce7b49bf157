package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.AccountStore;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.limit.RequestWindows;
import io.logarchive.restore.RestoreStore;
import io.logarchive.testkit.AccountStoreContract;
import io.logarchive.testkit.ArchiveSettingsStoreContract;
import io.logarchive.testkit.AuditLogContract;
import io.logarchive.testkit.DeploymentStores;
import io.logarchive.testkit.RequestWindowsContract;
import io.logarchive.testkit.RestoreStoreContract;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The stores on Azurite, all in one table. */
class TableStoresTest {
  private static final InstantSource CLOCK = InstantSource.fixed(RestoreStoreContract.NOW);

  private static @Nullable EmbeddedAzurite azurite;
  private static @Nullable AzureTable table;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    LoopbackTls tls = LoopbackTls.make(directory);
    azurite = Azurite.start(directory, tls);
    table =
        new AzureTable(
            new AzureClients(AzureEndpoints.AZURE, tls::http),
            URI.create(azurite.tables() + "/" + Azurite.ACCOUNT),
            "logarchive",
            new AzureLogin.AccountKey(Azurite.ACCOUNT, Azurite.KEY),
            new SecureRandom());
    table.create();
    table.create();
  }

  @AfterAll
  static void stop() throws Exception {
    if (azurite != null) {
      azurite.close();
    }
  }

  @Nested
  class Accounts extends Stores implements AccountStoreContract {}

  @Nested
  class Settings extends Stores implements ArchiveSettingsStoreContract {}

  @Nested
  class Restores extends Stores implements RestoreStoreContract {}

  /** An account's entries lie in two partitions. */
  @Nested
  class Audit implements AuditLogContract {
    private int written;

    @Override
    public AuditLog auditLog() {
      return audit();
    }

    @Override
    public void write(AuditEntry entry) {
      written++;
      assertThat(
              table()
                  .change(
                      written % 2 == 0 ? audit().inControl(entry) : audit().amongRestores(entry)))
          .isTrue();
    }
  }

  @Nested
  class Windows implements RequestWindowsContract {
    @Override
    public RequestWindows requestWindows() {
      return new TableRequestWindows(table());
    }
  }

  private abstract static class Stores implements DeploymentStores {
    @Override
    public AccountStore accountStore() {
      return new TableAccountStore(table(), audit(), CLOCK);
    }

    @Override
    public ArchiveSettingsStore archiveSettingsStore() {
      return new TableArchiveSettingsStore(table(), audit());
    }

    @Override
    public RestoreStore restoreStore() {
      return new TableRestoreStore(table(), audit(), RestoreStoreContract.PAGE_SIZE, CLOCK);
    }

    @Override
    public AuditLog auditLog() {
      return audit();
    }
  }

  private static TableAuditLog audit() {
    return new TableAuditLog(table(), Duration.ofDays(400), AuditLogContract.PAGE_SIZE);
  }

  private static AzureTable table() {
    if (table == null) {
      throw new IllegalStateException("Azurite is not up");
    }
    return table;
  }
}
