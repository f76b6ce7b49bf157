package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.account.Secret;
import io.logarchive.aws.SecretsManagerLogin.Login;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsManagerLoginTest {
  private static final String ARN =
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf";

  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final StubServer server = new StubServer(request -> replies.remove());
  private final SecretsManagerLogin secret =
      new SecretsManagerLogin(Clients.at(server.endpoint()), ARN);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void nothingIsAskedBeforeItIsRead() {
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void eachReadingGivesWhatIsThereThen() {
    replies.add(secret("{\"username\":\"search\",\"password\":\"one\",\"engine\":\"any\"}"));
    replies.add(secret("{\"username\":\"search\",\"password\":\"two\"}"));

    assertThat(secret.read()).isEqualTo(new Login("search", new Secret("one")));
    assertThat(secret.read()).isEqualTo(new Login("search", new Secret("two")));

    Request request = server.requests().getFirst();
    assertThat(request.headers()).containsEntry("x-amz-target", "secretsmanager.GetSecretValue");
    assertThat(Json.object(request.body()))
        .isEqualTo(JsonObject.builder().put("SecretId", ARN).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "{\"username\":\"search\"}",
        "{\"username\":\"search\",\"password\":[\"hunter2\"]}",
        "{\"user\":\"search\",\"password\":\"hunter2\"}",
        "[\"hunter2\"]",
        ""
      })
  void somethingElseInTheSecretIsDeniedWithoutShowingIt(String text) {
    replies.add(secret(text));

    ServiceException failure = catchThrowableOfType(ServiceException.Denied.class, secret::read);

    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .contains("GetSecretValue: SecretWithoutUsernameAndPassword")
        .doesNotContain("hunter2");
  }

  @Test
  void bytesInTheSecretAreDenied() {
    replies.add(AwsReplies.ok("{\"ARN\":\"" + ARN + "\",\"SecretBinary\":\"AAEC\"}"));

    ServiceException failure = catchThrowableOfType(ServiceException.Denied.class, secret::read);

    assertThat(failure.code()).isEqualTo("SecretWithoutUsernameAndPassword");
  }

  private static Reply.Whole secret(String text) {
    return AwsReplies.ok(
        Json.text(JsonObject.builder().put("ARN", ARN).put("SecretString", text).build()));
  }
}
