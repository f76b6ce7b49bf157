package io.logarchive.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.UrlBuilder;
import io.logarchive.azure.AzureLogin.ManagedIdentity;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import reactor.core.publisher.Mono;

/**
 * Asks App Service for tokens of a managed identity, version 2019-08-01 of its protocol. The SDK's
 * own credential for this reads the environment by itself, and tells neither the status of a
 * refusal nor that nobody answered.
 */
final class ManagedIdentityToken implements TokenCredential {
  private static final HttpHeaderName HEADER = HttpHeaderName.fromString("X-IDENTITY-HEADER");
  private static final String ALL = "/.default";

  private final HttpPipeline pipeline;
  private final ManagedIdentity identity;

  ManagedIdentityToken(HttpPipeline pipeline, ManagedIdentity identity) {
    this.pipeline = pipeline;
    this.identity = identity;
  }

  @Override
  public Mono<AccessToken> getToken(TokenRequestContext request) {
    return pipeline
        .send(request(request.getScopes().getFirst()))
        .flatMap(
            reply -> reply.getBodyAsString().defaultIfEmpty("").map(body -> token(reply, body)));
  }

  private HttpRequest request(String scope) {
    String resource =
        scope.endsWith(ALL) ? scope.substring(0, scope.length() - ALL.length()) : scope;
    String url =
        UrlBuilder.parse(identity.endpoint().toString())
            .setQueryParameter("api-version", "2019-08-01")
            .setQueryParameter("resource", URLEncoder.encode(resource, StandardCharsets.UTF_8))
            .setQueryParameter("client_id", identity.clientId())
            .toString();
    return new HttpRequest(HttpMethod.GET, url).setHeader(HEADER, identity.header().value());
  }

  private static AccessToken token(HttpResponse reply, String body) {
    if (reply.getStatusCode() != 200) {
      throw new HttpResponseException("No token for the managed identity", reply);
    }
    JsonObject token = Json.object(body.getBytes(StandardCharsets.UTF_8));
    return new AccessToken(
        text(token, "access_token"),
        Instant.ofEpochSecond(Long.parseLong(text(token, "expires_on"))).atOffset(ZoneOffset.UTC));
  }

  private static String text(JsonObject token, String name) {
    JsonValue value = token.member(name).orElse(null);
    if (value instanceof JsonValue.Text text && !text.value().isEmpty()) {
      return text.value();
    }
    if (value instanceof JsonValue.Num number) {
      return number.text();
    }
    throw new MalformedJsonException("There is no " + name);
  }
}
