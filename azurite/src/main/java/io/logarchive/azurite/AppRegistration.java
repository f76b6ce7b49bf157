package io.logarchive.azurite;

import io.logarchive.account.Secret;
import java.time.Duration;

/** The one app registration of the one tenant that there is; refusals are worded as Entra's are. */
public record AppRegistration(String tenantId, String clientId, Secret clientSecret)
    implements TokenEndpoint.Registrations {
  private static final Duration LIFETIME = Duration.ofHours(1);

  @Override
  public TokenEndpoint.Answer ask(String tenant, String client, String secret) {
    if (!tenant.equals(tenantId)) {
      return new TokenEndpoint.Answer.Refused(
          400, "invalid_request", "AADSTS90002: Tenant '" + tenant + "' not found.");
    }
    if (!client.equals(clientId)) {
      return new TokenEndpoint.Answer.Refused(
          400,
          "unauthorized_client",
          "AADSTS700016: Application with identifier was not found in the directory.");
    }
    if (!secret.equals(clientSecret.value())) {
      return new TokenEndpoint.Answer.Refused(
          401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
    }
    return new TokenEndpoint.Answer.Token(LIFETIME);
  }
}
