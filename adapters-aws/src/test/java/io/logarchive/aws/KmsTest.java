package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.SecretSealer;
import io.logarchive.archive.SecretSealer.SealContext;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What KMS is asked, and what is made of its answers. */
final class KmsTest {
  private static final String KEY = "arn:aws:kms:eu-central-1:123456789012:key/sealing";
  private static final String MAC_KEY = "arn:aws:kms:eu-central-1:123456789012:key/signing";
  private static final Uid ACCOUNT = new Uid("0123456789abcdef0123456789abcdef");
  private static final SealContext CONTEXT = new SealContext(ACCOUNT, 1_000_001);
  private static final Secret SECRET = new Secret("wJalr/ü+bPx");
  private static final SealedSecret SEALED = new SealedSecret(KEY, bytes("sealed"));
  private static final JsonObject ENCRYPTION_CONTEXT =
      JsonObject.builder().put("accountUid", ACCOUNT.value()).put("settingsId", "1000001").build();

  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final StubServer server = new StubServer(request -> replies.remove());
  private final SecretSealer sealer = new KmsSecretSealer(Clients.at(server.endpoint()), KEY);
  private final DeploymentSignature signature =
      new KmsDeploymentSignature(Clients.at(server.endpoint()), MAC_KEY);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aSecretIsSealedForItsContextAndNamesTheKeyThatKmsUsed() {
    String used = "arn:aws:kms:eu-central-1:123456789012:key/used";
    replies.add(
        AwsReplies.ok(
            "{\"KeyId\":\"" + used + "\",\"CiphertextBlob\":\"" + base64(bytes("sealed")) + "\"}"));

    assertThat(sealer.seal(CONTEXT, SECRET)).isEqualTo(new SealedSecret(used, bytes("sealed")));

    Request request = server.requests().getFirst();
    assertThat(request.headers()).containsEntry("x-amz-target", "TrentService.Encrypt");
    assertThat(Json.object(request.body()))
        .isEqualTo(
            JsonObject.builder()
                .put("KeyId", KEY)
                .put("Plaintext", base64(bytes(SECRET.value())))
                .put("EncryptionContext", ENCRYPTION_CONTEXT)
                .build());
  }

  @Test
  void aSealIsOpenedWithTheDeploymentsKeyForItsContext() {
    replies.add(
        AwsReplies.ok(
            "{\"KeyId\":\"%s\",\"Plaintext\":\"%s\"}"
                .formatted(KEY, base64(bytes(SECRET.value())))));

    assertThat(sealer.open(CONTEXT, new SealedSecret("arn:of:another", SEALED.bytes())))
        .isEqualTo(SECRET);

    Request request = server.requests().getFirst();
    assertThat(request.headers()).containsEntry("x-amz-target", "TrentService.Decrypt");
    assertThat(Json.object(request.body()))
        .isEqualTo(
            JsonObject.builder()
                .put("CiphertextBlob", base64(SEALED.bytes()))
                .put("EncryptionContext", ENCRYPTION_CONTEXT)
                .put("KeyId", KEY)
                .build());
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidCiphertextException, 400", // Another context, or a changed seal.
    "IncorrectKeyException, 400",
    "DisabledException, 409",
    "KMSInvalidStateException, 400",
    "NotFoundException, 400",
    "AccessDeniedException, 400"
  })
  void aSealThatDoesNotOpenIsDeniedInKmssWords(String code, int status) {
    replies.add(AwsReplies.error(status, code, "REQUEST-1"));

    assertThatThrownBy(() -> sealer.open(CONTEXT, SEALED))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("Decrypt: " + code + " (request REQUEST-1)");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aMessageIsSignedWithHmacSha256() {
    byte[] mac = new byte[32];
    Arrays.fill(mac, (byte) 7);
    replies.add(
        AwsReplies.ok(
            "{\"KeyId\":\"%s\",\"Mac\":\"%s\",\"MacAlgorithm\":\"HMAC_SHA_256\"}"
                .formatted(MAC_KEY, base64(mac))));

    assertThat(signature.sign(bytes("proof"))).isEqualTo(mac);

    Request request = server.requests().getFirst();
    assertThat(request.headers()).containsEntry("x-amz-target", "TrentService.GenerateMac");
    assertThat(Json.object(request.body()))
        .isEqualTo(
            JsonObject.builder()
                .put("Message", base64(bytes("proof")))
                .put("KeyId", MAC_KEY)
                .put("MacAlgorithm", "HMAC_SHA_256")
                .build());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
