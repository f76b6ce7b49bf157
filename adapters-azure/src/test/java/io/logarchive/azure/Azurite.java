package io.logarchive.azure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logarchive.account.Secret;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Azurite for tests, where it is installed. */
final class Azurite {
  static final String ACCOUNT = "plantedaccount";
  static final Secret KEY = new Secret("cGxhbnRlZC1zdG9yYWdlLWtleQ==");

  private static final Logger LOG = LoggerFactory.getLogger(Azurite.class);
  private static final Path INSTALLATION = Path.of("..", "azurite");

  private Azurite() {}

  /** Skips the test, and says so, where Azurite is not installed. */
  static EmbeddedAzurite start(Path directory, LoopbackTls tls)
      throws IOException, InterruptedException {
    boolean installed = EmbeddedAzurite.isInstalled(INSTALLATION);
    if (!installed) {
      LOG.warn("Skipped: nothing is tried on Azure's storage; it needs Node, and azurite/install");
    }
    assumeTrue(installed, "Azurite is not installed");
    return EmbeddedAzurite.start(
        INSTALLATION, directory, tls, new EmbeddedAzurite.Account(ACCOUNT, KEY));
  }
}
