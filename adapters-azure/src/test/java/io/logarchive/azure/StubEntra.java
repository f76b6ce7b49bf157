package io.logarchive.azure;

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
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The token endpoint of Entra, as its documentation has it: one tenant, one app registration. Its
 * tokens are of the form that Azurite takes, which compares no signature.
 */
final class StubEntra implements AutoCloseable {
  static final String TENANT = "11111111-2222-3333-4444-555555555555";
  static final String CLIENT = "66666666-7777-8888-9999-000000000000";
  static final String SECRET = "planted-client-secret";
  static final String EXPIRED_SECRET = "planted-expired-secret";
  static final String THROTTLED_SECRET = "planted-throttled-secret";

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Duration lifetime = Duration.ofHours(1);

  StubEntra(LoopbackTls tls) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  URI authority() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  /** How often a token was asked for. */
  int asked() {
    return asked.get();
  }

  /** How long tokens last that are given from now on. */
  void tokensLast(Duration time) {
    lifetime = time;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    String secret = form.getOrDefault("client_secret", "");
    if (!path[1].equals(TENANT)) {
      refuse(exchange, 400, "invalid_request", "AADSTS90002: Tenant '" + path[1] + "' not found.");
    } else if (!CLIENT.equals(form.get("client_id"))) {
      refuse(
          exchange,
          400,
          "unauthorized_client",
          "AADSTS700016: Application with identifier was not found in the directory.");
    } else if (secret.equals(EXPIRED_SECRET)) {
      refuse(
          exchange,
          401,
          "invalid_client",
          "AADSTS7000222: The provided client secret keys are expired.");
    } else if (secret.equals(THROTTLED_SECRET)) {
      exchange.getResponseHeaders().add("Retry-After", "1");
      refuse(exchange, 429, "temporarily_unavailable", "The server is too busy.");
    } else if (!secret.equals(SECRET)) {
      refuse(exchange, 401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
    } else {
      JsonObject token =
          JsonObject.builder()
              .put("token_type", "Bearer")
              .put("expires_in", new JsonValue.Num(Long.toString(lifetime.toSeconds())))
              .put("access_token", token(form.getOrDefault("scope", "")))
              .build();
      send(exchange, 200, token);
    }
  }

  private static String token(String scope) {
    Instant now = Instant.now();
    String claims =
        "{\"aud\":\"https://storage.azure.com\",\"iss\":\"https://sts.windows.net/"
            + TENANT
            + "/\",\"nbf\":"
            + now.minusSeconds(60).getEpochSecond()
            + ",\"iat\":"
            + now.getEpochSecond()
            + ",\"exp\":"
            + now.plusSeconds(3_600).getEpochSecond()
            + ",\"scp\":\""
            + scope
            + "\",\"appid\":\""
            + CLIENT
            + "\"}";
    return part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + part(claims) + "." + part("planted");
  }

  private static String part(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static void refuse(HttpExchange exchange, int status, String error, String description)
      throws IOException {
    send(
        exchange,
        status,
        JsonObject.builder()
            .put("error", error)
            .put("error_description", description + " Trace ID: 0 Correlation ID: 0")
            .build());
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
