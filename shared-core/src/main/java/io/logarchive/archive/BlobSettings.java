package io.logarchive.archive;

import io.logarchive.account.Secret;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A container in Azure as an account's archive, opened by an app registration.
 *
 * @param path as it was sent, to be given back the same; null for none
 */
public record BlobSettings(
    @Nullable String path,
    BlobLocation location,
    String tenantId,
    String clientId,
    SealedSecret clientSecret)
    implements StorageSettings {

  @Override
  public StorageAccess access(int accountId, Function<SealedSecret, Secret> opener) {
    return new StorageAccess.Blob(location, tenantId, clientId, opener.apply(clientSecret));
  }
}
