package io.logarchive.azurite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Entra's token endpoint on a loopback port, as its documentation has it. The tokens are of the
 * form that Azurite takes, which looks at their claims and at no signature.
 */
public final class TokenEndpoint implements AutoCloseable {
  private static final String AUDIENCE = "https://storage.azure.com";

  /** Who is given tokens. Many threads ask at once. */
  @FunctionalInterface
  public interface Registrations {
    Answer ask(String tenantId, String clientId, String clientSecret);
  }

  /** What a request for a token comes to. */
  public sealed interface Answer {
    record Token(Duration lifetime) implements Answer {}

    /**
     * No token.
     *
     * @param error the kind of it, by OAuth's name
     * @param description begins with Entra's code where it has one
     */
    record Refused(int status, String error, String description) implements Answer {}
  }

  private final HttpsServer server;
  private final Registrations registrations;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private TokenEndpoint(HttpsServer server, Registrations registrations, InstantSource clock) {
    this.server = server;
    this.registrations = registrations;
    this.clock = clock;
  }

  /** Starts it on a free port. */
  public static TokenEndpoint start(
      LoopbackTls tls, Registrations registrations, InstantSource clock) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    TokenEndpoint endpoint = new TokenEndpoint(server, registrations, clock);
    server.createContext("/", endpoint::answer);
    server.setExecutor(endpoint.threads);
    server.start();
    return endpoint;
  }

  /** What clients take for {@code https://login.microsoftonline.com}. */
  public URI authority() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String tenant = exchange.getRequestURI().getPath().split("/", -1)[1];
    Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    String client = form.getOrDefault("client_id", "");
    switch (registrations.ask(tenant, client, form.getOrDefault("client_secret", ""))) {
      case Answer.Token token -> {
        Instant now = clock.instant();
        send(
            exchange,
            200,
            JsonObject.builder()
                .put("token_type", "Bearer")
                .put("expires_in", number(token.lifetime().toSeconds()))
                .put("access_token", jwt(tenant, client, AUDIENCE, now, now.plus(token.lifetime())))
                .build());
      }
      case Answer.Refused refused -> {
        if (refused.status() == 429) {
          exchange.getResponseHeaders().add("Retry-After", "1");
        }
        send(
            exchange,
            refused.status(),
            JsonObject.builder()
                .put("error", refused.error())
                .put("error_description", refused.description())
                .build());
      }
    }
  }

  /** A token as Entra gives them, but for its signature, at which Azurite does not look. */
  public static String jwt(
      String tenant, String client, String audience, Instant now, Instant end) {
    JsonObject header = JsonObject.builder().put("alg", "RS256").put("typ", "JWT").build();
    JsonObject claims =
        JsonObject.builder()
            .put("aud", audience)
            .put("iss", "https://sts.windows.net/" + tenant + "/")
            .put("nbf", number(now.minusSeconds(60).getEpochSecond()))
            .put("iat", number(now.getEpochSecond()))
            .put("exp", number(end.getEpochSecond()))
            .put("appid", client)
            .build();
    return part(header.bytes()) + "." + part(claims.bytes()) + "." + part(new byte[] {0});
  }

  private static JsonValue number(long value) {
    return new JsonValue.Num(Long.toString(value));
  }

  private static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void send(HttpExchange exchange, int status, JsonObject json) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
    byte[] body = json.bytes();
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&", -1)) {
      String[] parts = field.split("=", 2);
      form.put(parts[0], parts.length > 1 ? URLDecoder.decode(parts[1], UTF_8) : "");
    }
    return form;
  }
}
