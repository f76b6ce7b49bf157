package io.logarchive.aws;

import io.logarchive.account.Secret;
import io.logarchive.aws.AwsFault.Effect;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * A user and password that Secrets Manager keeps as {@code {"username": …, "password": …}}. Nothing
 * is kept here: each reading gives what is there then.
 */
public final class SecretsManagerLogin {

  /** A user by name and password. */
  public record Login(String username, Secret password) {}

  private final SecretsManagerClient client;
  private final String secretArn;

  public SecretsManagerLogin(AwsClients clients, String secretArn) {
    this.client = clients.secretsManager();
    this.secretArn = secretArn;
  }

  /**
   * Asks Secrets Manager.
   *
   * @throws ServiceException.Denied also if there is something else in the secret
   */
  public Login read() {
    GetSecretValueResponse reply =
        AwsFault.call(
            "GetSecretValue",
            Effect.READ,
            () -> AwsFault.whole(client.getSecretValue(get -> get.secretId(secretArn))));
    String text = reply.secretString() == null ? "" : reply.secretString();
    try {
      JsonObject login = Json.object(text.getBytes(StandardCharsets.UTF_8));
      return new Login(text(login, "username"), new Secret(text(login, "password")));
    } catch (MalformedJsonException e) {
      throw notALogin();
    }
  }

  private static String text(JsonObject login, String name) {
    if (login.member(name).orElse(null) instanceof JsonValue.Text text) {
      return text.value();
    }
    throw notALogin();
  }

  /** Without a cause: that could hold a piece of the secret. */
  private static ServiceException notALogin() {
    return new ServiceException.Denied(
        "GetSecretValue", "SecretWithoutUsernameAndPassword", null, null);
  }
}
