package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.SecretSealer.SealContext;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** KMS and Secrets Manager that refuse, turn away, are away or break off. None changes anything. */
final class SecretsFailureTest {
  private static final String SECRET = "hunter2";

  enum Operation {
    ENCRYPT("Encrypt", "{\"KeyId\":\"key\",\"CiphertextBlob\":\"c2VhbGVk\"}"),
    DECRYPT("Decrypt", "{\"KeyId\":\"key\",\"Plaintext\":\"aHVudGVyMg==\"}"),
    GENERATE_MAC("GenerateMac", "{\"KeyId\":\"key\",\"Mac\":\"AAECAw==\"}"),
    GET_SECRET_VALUE(
        "GetSecretValue",
        "{\"SecretString\":\"{\\\"username\\\":\\\"u\\\",\\\"password\\\":\\\"hunter2\\\"}\"}");

    private final String name;
    private final String success;

    Operation(String name, String success) {
      this.name = name;
      this.success = success;
    }

    Reply.Whole success() {
      return AwsReplies.ok(success);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSuccessIsASuccess(Operation operation) {
    try (StubServer server = new StubServer(request -> operation.success())) {
      assertThat(call(server.endpoint(), operation)).isNotNull();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsDeniedAtOnce(Operation operation) {
    Reply refusal = AwsReplies.error(400, "AccessDeniedException", "REQUEST-1");
    try (StubServer server = new StubServer(request -> refusal)) {
      ServiceException failure = failure(server.endpoint(), operation);
      assertThat(failure)
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessage(operation.name + ": AccessDeniedException (request REQUEST-1)");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThrottledCallIsUnavailableAfterItsRetries(Operation operation) {
    Reply throttled = AwsReplies.error(400, "ThrottlingException", "REQUEST-2");
    try (StubServer server = new StubServer(request -> throttled)) {
      ServiceException failure = failure(server.endpoint(), operation);
      assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
      assertThat(failure.code()).isEqualTo("ThrottlingException");
      assertThat(server.requests()).hasSizeGreaterThan(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatPassesIsNotSeen(Operation operation) {
    AtomicInteger calls = new AtomicInteger();
    try (StubServer server =
        new StubServer(
            request ->
                calls.incrementAndGet() == 1
                    ? AwsReplies.error(500, "KMSInternalException", "REQUEST-3")
                    : operation.success())) {
      assertThat(call(server.endpoint(), operation)).isNotNull();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServiceThatCannotBeReachedIsUnavailable(Operation operation) {
    ServiceException failure = failure(StubServer.nowhere(), operation);
    assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(failure.code()).isEqualTo("Unreachable");
    assertThat(failure.operation()).isEqualTo(operation.name);
  }

  /** Above all, half a reply is never taken for a seal, a secret or a signature. */
  @ParameterizedTest
  @EnumSource
  void aReplyThatIsCutOffAnywhereIsUnavailable(Operation operation) {
    Reply.Whole whole = operation.success();
    for (int bytes : List.of(0, 12, 17, 40, 60, 90, whole.length() - 1)) {
      try (StubServer server = new StubServer(request -> new Reply.CutOff(whole, bytes))) {
        assertThat(failure(server.endpoint(), operation))
            .as("cut off after %s of %s bytes", bytes, whole.length())
            .isInstanceOf(ServiceException.Unavailable.class);
      }
    }
  }

  private static ServiceException failure(URI endpoint, Operation operation) {
    ServiceException failure =
        catchThrowableOfType(ServiceException.class, () -> call(endpoint, operation));
    assertThat(failure).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(SECRET).doesNotContain(Clients.SECRET_KEY);
    return failure;
  }

  private static Object call(URI endpoint, Operation operation) {
    AwsClients clients = Clients.at(endpoint);
    SealContext context = new SealContext(new Uid("0".repeat(32)), 1_000_001);
    byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    return switch (operation) {
      case ENCRYPT -> new KmsSecretSealer(clients, "key").seal(context, new Secret(SECRET));
      case DECRYPT ->
          new KmsSecretSealer(clients, "key").open(context, new SealedSecret("", bytes));
      case GENERATE_MAC -> new KmsDeploymentSignature(clients, "key").sign(bytes);
      case GET_SECRET_VALUE -> new SecretsManagerLogin(clients, "arn").read();
    };
  }
}
