package io.logarchive.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logarchive.azurite.EmbeddedAzurite;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Azurite in tests. */
final class Azurite {
  static final Path INSTALLATION = Path.of("..", "azurite");

  private static final Logger LOG = LoggerFactory.getLogger(Azurite.class);

  private Azurite() {}

  /** Skips the test, and says so, where it is not installed. */
  static void assumeInstalled() throws IOException {
    boolean installed = EmbeddedAzurite.isInstalled(INSTALLATION);
    if (!installed) {
      LOG.warn("Skipped: nothing is archived in containers; it needs Node, and azurite/install");
    }
    assumeTrue(installed, "Azurite is not installed");
  }

  /** What runs on Azure needs it, the rest does not. */
  static void assumeInstalledFor(Cloud cloud) throws IOException {
    if (cloud == Cloud.AZURE) {
      assumeInstalled();
    }
  }
}
