package io.logarchive.archive;

import io.logarchive.account.Secret;
import java.util.function.Function;

/** A place as an account's archive, and what opens it, with the secret sealed. */
public sealed interface StorageSettings permits S3Settings, BlobSettings {

  StorageLocation location();

  /**
   * What opens the place.
   *
   * @param accountId whose archive it is
   * @param opener opens a sealed secret
   */
  StorageAccess access(int accountId, Function<SealedSecret, Secret> opener);
}
