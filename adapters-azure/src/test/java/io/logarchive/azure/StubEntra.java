package io.logarchive.azure;

import io.logarchive.account.Secret;
import io.logarchive.azurite.AppRegistration;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.azurite.TokenEndpoint;
import io.logarchive.azurite.TokenEndpoint.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/** The token endpoint, which counts, and has secrets for what goes wrong at Entra now and then. */
final class StubEntra implements AutoCloseable {
  static final String TENANT = "11111111-2222-3333-4444-555555555555";
  static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  static final String SECRET = "planted-client-secret";
  static final String EXPIRED_SECRET = "planted-expired-secret";
  static final String THROTTLED_SECRET = "planted-throttled-secret";
  static final String UNLUCKY_SECRET = "planted-unlucky-secret";

  /** Of an app registration that was made, but has no service principal yet. */
  static final String CLIENT_ALONE = "77777777-7777-8888-9999-000000000000";

  private final AppRegistration registration =
      new AppRegistration(TENANT, CLIENT, new Secret(SECRET));
  private final AtomicInteger asked = new AtomicInteger();
  private final TokenEndpoint endpoint;

  StubEntra(LoopbackTls tls) throws IOException {
    endpoint = TokenEndpoint.start(tls, this::answer, InstantSource.system());
  }

  URI authority() {
    return endpoint.authority();
  }

  /** How often a token was asked for. */
  int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    endpoint.close();
  }

  private Answer answer(String tenant, String client, String secret) {
    asked.incrementAndGet();
    if (client.equals(CLIENT_ALONE)) {
      return new Answer.Refused(
          401,
          "invalid_client",
          "AADSTS7000229: The client application is missing service principal in the tenant.");
    }
    return switch (secret) {
      case EXPIRED_SECRET ->
          new Answer.Refused(
              401,
              "invalid_client",
              "AADSTS7000222: The provided client secret keys are expired. Trace ID: 0");
      case THROTTLED_SECRET ->
          new Answer.Refused(429, "temporarily_unavailable", "The server is too busy.");
      case UNLUCKY_SECRET ->
          new Answer.Refused(
              503,
              "temporarily_unavailable",
              "AADSTS90033: A transient error has occurred. Please try again.");
      default -> registration.ask(tenant, client, secret);
    };
  }
}
