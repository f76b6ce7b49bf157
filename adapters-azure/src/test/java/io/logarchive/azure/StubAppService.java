package io.logarchive.azure;

import io.logarchive.account.Secret;
import io.logarchive.azure.AzureLogin.ManagedIdentity;
import io.logarchive.azurite.TokenEndpoint;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What gives tokens to the processes of an App Service: for one managed identity. */
final class StubAppService implements AutoCloseable {
  static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  static final String HEADER = "planted-identity-header";

  private static final Pattern RESOURCE = Pattern.compile("resource=([^&]+)");

  private final StubServer server = new StubServer(StubAppService::answer);

  ManagedIdentity identity() {
    return new ManagedIdentity(
        CLIENT, URI.create(server.endpoint() + "/msi/token"), new Secret(HEADER));
  }

  List<Request> requests() {
    return server.requests();
  }

  @Override
  public void close() {
    server.close();
  }

  static Reply.Whole token(String resource, Duration lifetime) {
    Instant now = Instant.now();
    Instant end = now.plus(lifetime);
    return Reply.Whole.of(
            200,
            Json.text(
                JsonObject.builder()
                    .put(
                        "access_token",
                        TokenEndpoint.jwt(StubEntra.TENANT, CLIENT, resource, now, end))
                    .put("expires_on", Long.toString(end.getEpochSecond()))
                    .put("resource", resource)
                    .put("token_type", "Bearer")
                    .put("client_id", CLIENT)
                    .build()))
        .with("Content-Type", "application/json");
  }

  private static Reply answer(Request request) {
    if (!HEADER.equals(request.headers().get("x-identity-header"))) {
      return Reply.Whole.of(401, "");
    }
    return request.target().contains("client_id=" + CLIENT)
        ? token(resource(request.target()), Duration.ofHours(24))
        : refusal(400);
  }

  private static String resource(String target) {
    Matcher resource = RESOURCE.matcher(target);
    return resource.find() ? URLDecoder.decode(resource.group(1), StandardCharsets.UTF_8) : "";
  }

  static Reply.Whole refusal(int status) {
    return Reply.Whole.of(
        status,
        "{\"statusCode\":"
            + status
            + ",\"message\":\"No User Assigned or Delegated Managed Identity found for specified"
            + " ClientId/ResourceId/PrincipalId.\",\"correlationId\":\"0\"}");
  }
}
