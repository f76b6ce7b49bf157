package io.logarchive.azure;

import io.logarchive.archive.BlobLocation;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where Azure's services answer.
 *
 * @param authority gives tokens; null for the public cloud's
 * @param storage answers for all storage accounts, each under its name as the first segment of the
 *     path, as emulators do; null for Azure itself, where each has a host of its own
 */
public record AzureEndpoints(@Nullable URI authority, @Nullable URI storage) {
  /** The public cloud. */
  public static final AzureEndpoints AZURE = new AzureEndpoints(null, null);

  String container(BlobLocation location) {
    return storage == null
        ? "https://" + location.accountName() + ".blob.core.windows.net/" + location.containerName()
        : storage + "/" + location.container();
  }
}
