package io.logarchive.aws;

import io.logarchive.account.Secret;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.SecretSealer;
import io.logarchive.aws.AwsFault.Effect;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;

/**
 * Seals with a symmetric key of KMS, which never leaves it. The context is KMS's encryption
 * context, so it shows in the key's audit log. A secret may have 4,096 bytes.
 */
public final class KmsSecretSealer implements SecretSealer {
  private final KmsClient client;
  private final String keyArn;

  public KmsSecretSealer(AwsClients clients, String keyArn) {
    this.client = clients.kms();
    this.keyArn = keyArn;
  }

  @Override
  public SealedSecret seal(SealContext context, Secret secret) {
    EncryptResponse reply =
        AwsFault.call(
            "Encrypt",
            Effect.READ,
            () ->
                AwsFault.whole(
                    client.encrypt(
                        encrypt ->
                            encrypt
                                .keyId(keyArn)
                                .encryptionContext(encryptionContext(context))
                                .plaintext(SdkBytes.fromUtf8String(secret.value())))));
    return new SealedSecret(reply.keyId(), reply.ciphertextBlob().asByteArray());
  }

  /** Names the key, or KMS would take any that the ciphertext asks for. */
  @Override
  public Secret open(SealContext context, SealedSecret sealed) {
    DecryptResponse reply =
        AwsFault.call(
            "Decrypt",
            Effect.READ,
            () ->
                AwsFault.whole(
                    client.decrypt(
                        decrypt ->
                            decrypt
                                .keyId(keyArn)
                                .encryptionContext(encryptionContext(context))
                                .ciphertextBlob(SdkBytes.fromByteArray(sealed.bytes())))));
    return new Secret(reply.plaintext().asUtf8String());
  }

  private static Map<String, String> encryptionContext(SealContext context) {
    return Map.of(
        "accountUid", context.accountUid().value(),
        "settingsId", Integer.toString(context.settingsId()));
  }
}
