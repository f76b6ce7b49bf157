package io.logarchive.azure;

import io.logarchive.archive.DeploymentSignature;
import io.logarchive.azure.AzureLogin.ManagedIdentity;
import io.logarchive.format.Sha256;

/**
 * Signs with an RSA key in a Key Vault, which has no keys for HMAC: the SHA-256 of the key's RS256
 * signature, which only the key can make and which is the same for the same message. Another
 * version of the key would sign differently, so its URL names one for good.
 */
public final class KeyVaultDeploymentSignature implements DeploymentSignature {
  private final VaultKey key;

  /**
   * @param keyUrl {@code https://VAULT.vault.azure.net/keys/NAME/VERSION}; the identity may sign
   *     with it
   */
  public KeyVaultDeploymentSignature(
      AzureClients clients, ManagedIdentity identity, String keyUrl) {
    this.key = VaultKey.ofOneVersion(clients, clients.managedIdentity(identity), keyUrl);
  }

  @Override
  public byte[] sign(byte[] message) {
    return Sha256.digest().digest(key.sign(Sha256.digest().digest(message)));
  }
}
