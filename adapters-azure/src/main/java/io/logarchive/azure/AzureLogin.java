package io.logarchive.azure;

import io.logarchive.account.Secret;
import java.net.URI;

/** As whom the deployment calls what is its own in Azure. */
public sealed interface AzureLogin {

  /**
   * A user-assigned managed identity, with what Azure's hosts of functions and web apps give to the
   * process for it.
   *
   * @param clientId of the identity
   * @param endpoint gives tokens: {@code IDENTITY_ENDPOINT}
   * @param header proves to it that this process asks: {@code IDENTITY_HEADER}
   */
  record ManagedIdentity(String clientId, URI endpoint, Secret header) implements AzureLogin {}

  /**
   * The key of a storage account, which opens all of that and nothing else: for an emulator.
   *
   * @param key in base64, as Azure gives it
   */
  record AccountKey(String accountName, Secret key) implements AzureLogin {}
}
