package io.logarchive.azure;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.SecretCipher;
import io.logarchive.archive.SecretSealer;
import io.logarchive.azure.AzureLogin.ManagedIdentity;
import io.logarchive.azure.VaultKey.Wrapped;
import io.logarchive.fault.ServiceException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Seals with data keys, each of one account, that an RSA key in a Key Vault wraps with
 * RSA-OAEP-256. The newest version of that key wraps; {@link SealedSecret#keyId} is the URL of the
 * version that did, so that what older ones sealed opens as long as they are enabled.
 *
 * <p>A seal has in front a byte, 1, that tells its form; then 2 bytes, big-endian: how many the
 * wrapped data key has; then that key, and to the end what {@link SecretCipher} makes of the secret
 * with it.
 *
 * <p>A data key stays in memory for an hour, of 1,000 accounts at most. One that was made seals all
 * that an account brings in that time. One that was unwrapped opens only: else what is sealed after
 * a rotation would still hang on the version before.
 */
public final class KeyVaultSecretSealer implements SecretSealer {
  private static final byte FORM = 1;
  private static final int MOST = 1_000;
  private static final Duration KEPT = Duration.ofHours(1);

  private record DataKey(Wrapped wrapped, SecretCipher cipher) {}

  private final VaultKey key;
  private final SecureRandom random;
  private final Recent<Uid, DataKey> made;
  private final Recent<Wrapped, SecretCipher> known;

  /**
   * @param keyUrl {@code https://VAULT.vault.azure.net/keys/NAME}, without a version; the identity
   *     may wrap and unwrap with it
   */
  public KeyVaultSecretSealer(
      AzureClients clients,
      ManagedIdentity identity,
      String keyUrl,
      SecureRandom random,
      InstantSource clock) {
    this.key = VaultKey.ofAllVersions(clients, clients.managedIdentity(identity), keyUrl);
    this.random = random;
    this.made = new Recent<>(MOST, KEPT, clock);
    this.known = new Recent<>(MOST, KEPT, clock);
  }

  @Override
  public SealedSecret seal(SealContext context, Secret secret) {
    DataKey dataKey = made.get(context.accountUid(), this::make);
    byte[] wrapped = dataKey.wrapped().bytes();
    byte[] sealed = dataKey.cipher().seal(context, secret, random);
    return new SealedSecret(
        dataKey.wrapped().keyId(),
        ByteBuffer.allocate(1 + Short.BYTES + wrapped.length + sealed.length)
            .put(FORM)
            .putShort((short) wrapped.length)
            .put(wrapped)
            .put(sealed)
            .array());
  }

  @Override
  public Secret open(SealContext context, SealedSecret sealed) {
    if (!key.isVersion(sealed.keyId())) {
      throw new ServiceException.Denied("OpenSecret", "SealedByAnotherKey", null, null);
    }
    ByteBuffer bytes = ByteBuffer.wrap(sealed.bytes());
    byte[] wrapped;
    byte[] text;
    try {
      if (bytes.get() != FORM) {
        throw broken();
      }
      wrapped = new byte[Short.toUnsignedInt(bytes.getShort())];
      bytes.get(wrapped);
      text = new byte[bytes.remaining()];
      bytes.get(text);
    } catch (BufferUnderflowException e) {
      throw broken();
    }
    return cipher(Wrapped.of(sealed.keyId(), wrapped)).open(context, text);
  }

  private DataKey make() {
    byte[] bytes = new byte[SecretCipher.KEY_BYTES];
    random.nextBytes(bytes);
    Wrapped wrapped = key.wrap(bytes);
    return new DataKey(wrapped, known.get(wrapped, () -> new SecretCipher(bytes)));
  }

  private SecretCipher cipher(Wrapped wrapped) {
    return known.get(
        wrapped,
        () -> {
          byte[] bytes = key.unwrap(wrapped);
          if (bytes.length != SecretCipher.KEY_BYTES) {
            throw broken();
          }
          return new SecretCipher(bytes);
        });
  }

  private static ServiceException broken() {
    return new ServiceException.Denied("OpenSecret", "SealBroken", null, null);
  }
}
