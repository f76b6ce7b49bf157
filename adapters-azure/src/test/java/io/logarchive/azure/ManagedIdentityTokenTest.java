package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.logarchive.account.Secret;
import io.logarchive.azure.AzureLogin.ManagedIdentity;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import io.logarchive.testkit.Together;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What App Service is asked, and what is made of its answers. */
final class ManagedIdentityTokenTest {
  private static final Reply.Whole TOKEN =
      StubAppService.token("https://vault.azure.net", Duration.ofHours(24));
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  @Test
  void aTokenIsAskedForAsAppServiceDocumentsIt() {
    Instant soon = Instant.now().plus(Duration.ofHours(23));
    try (StubServer server = new StubServer(request -> TOKEN)) {
      AccessToken token =
          credential(server.endpoint())
              .getTokenSync(
                  new TokenRequestContext().addScopes("https://vault.azure.net/.default"));

      assertThat(token.getToken()).startsWith("ey");
      assertThat(token.getExpiresAt().toInstant()).isAfter(soon);
      Request request = server.requests().getFirst();
      assertThat(request.method()).isEqualTo("GET");
      assertThat(request.target())
          .isEqualTo(
              "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net&client_id="
                  + StubAppService.CLIENT);
      assertThat(request.headers()).containsEntry("x-identity-header", StubAppService.HEADER);
    }
  }

  @Test
  void aHundredCallersAtOnceAskForOneToken() {
    try (StubServer server = new StubServer(request -> TOKEN)) {
      AppToken token = token(server.endpoint());
      Together.run(
          100,
          i -> {
            token.ensure();
            return i;
          });
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"400, Http400", "401, Http401", "403, Http403"})
  void aRefusalIsDeniedAtOnce(int status, String code) {
    try (StubServer server = new StubServer(request -> StubAppService.refusal(status))) {
      ServiceException failure = failure(server.endpoint());
      assertThat(failure)
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessage("GetToken: " + code);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void whatPassesIsUnavailableAfterItsRetries(int status) {
    try (StubServer server = new StubServer(request -> StubAppService.refusal(status))) {
      assertThat(failure(server.endpoint()))
          .isInstanceOf(ServiceException.Unavailable.class)
          .hasMessage("GetToken: Http" + status);
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void aFailureThatPassesIsNotSeen() {
    AtomicInteger calls = new AtomicInteger();
    try (StubServer server =
        new StubServer(
            request -> calls.incrementAndGet() == 1 ? StubAppService.refusal(500) : TOKEN)) {
      token(server.endpoint()).ensure();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aServiceThatCannotBeReachedIsUnavailable() {
    assertThat(failure(StubServer.nowhere()))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetToken: Unreachable");
  }

  @Test
  void aReplyThatIsCutOffAnywhereIsUnavailable() {
    for (int bytes : List.of(0, 12, 17, 60, 100, TOKEN.length() - 1)) {
      try (StubServer server = new StubServer(request -> new Reply.CutOff(TOKEN, bytes))) {
        assertThat(failure(server.endpoint()))
            .as("cut off after %s of %s bytes", bytes, TOKEN.length())
            .isInstanceOf(ServiceException.Unavailable.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "<html>",
        "{\"access_token\":\"\",\"expires_on\":\"1\"}",
        "{\"access_token\":\"planted-token\"}",
        "{\"access_token\":\"planted-token\",\"expires_on\":\"soon\"}",
        "{\"access_token\":\"planted-token"
      })
  void aReplyWithoutATokenIsUnavailable(String body) {
    try (StubServer server = new StubServer(request -> Reply.Whole.of(200, body))) {
      ServiceException failure = failure(server.endpoint());
      assertThat(failure)
          .isInstanceOf(ServiceException.Unavailable.class)
          .hasMessage("GetToken: UnreadableReply");
    }
  }

  private static ServiceException failure(URI endpoint) {
    ServiceException failure =
        catchThrowableOfType(ServiceException.class, () -> token(endpoint).ensure());
    assertThat(failure).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .doesNotContain(StubAppService.HEADER)
        .doesNotContain("planted-token");
    return failure;
  }

  private static AppToken token(URI endpoint) {
    return new AppToken(credential(endpoint), "https://vault.azure.net/.default", PATIENCE);
  }

  private static TokenCredential credential(URI endpoint) {
    return new AzureClients(AzureEndpoints.AZURE, HttpClient::newBuilder)
        .managedIdentity(
            new ManagedIdentity(
                StubAppService.CLIENT,
                URI.create(endpoint + "/msi/token"),
                new Secret(StubAppService.HEADER)));
  }
}
