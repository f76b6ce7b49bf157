package io.logarchive.aws;

import io.logarchive.archive.DeploymentSignature;
import io.logarchive.aws.AwsFault.Effect;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;

/** Signs with an HMAC key of KMS, which never leaves it. A message may have 4,096 bytes. */
public final class KmsDeploymentSignature implements DeploymentSignature {
  private final KmsClient client;
  private final String keyArn;

  /**
   * @param keyArn of a key of the kind {@code HMAC_256}
   */
  public KmsDeploymentSignature(AwsClients clients, String keyArn) {
    this.client = clients.kms();
    this.keyArn = keyArn;
  }

  @Override
  public byte[] sign(byte[] message) {
    return AwsFault.call(
        "GenerateMac",
        Effect.READ,
        () ->
            AwsFault.whole(
                    client.generateMac(
                        generate ->
                            generate
                                .keyId(keyArn)
                                .macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256)
                                .message(SdkBytes.fromByteArray(message))))
                .mac()
                .asByteArray());
  }
}
