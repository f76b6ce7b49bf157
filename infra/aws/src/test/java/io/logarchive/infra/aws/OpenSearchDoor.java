package io.logarchive.infra.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between the deployment and OpenSearch: asks for the login, as the node itself does not,
 * and does to bulks what tests want done to them.
 */
final class OpenSearchDoor implements AutoCloseable {

  /** What is done to a bulk. */
  @FunctionalInterface
  interface Guard {
    /** The status to answer with, or {@link #PASS}; may take its time. */
    int answer() throws InterruptedException;
  }

  static final int PASS = 0;

  private final URI behind;
  private final String authorization;
  private final Map<String, Guard> guards = new ConcurrentHashMap<>();
  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private OpenSearchDoor(URI behind, String user, String password, HttpServer server) {
    this.behind = behind;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    this.server = server;
  }

  static OpenSearchDoor open(URI behind, String user, String password) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    OpenSearchDoor door = new OpenSearchDoor(behind, user, password, server);
    server.createContext("/", door::pass);
    server.setExecutor(door.threads);
    server.start();
    return door;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Puts a guard before every bulk that holds this text. */
  void guard(String text, Guard guard) {
    guards.put(text, guard);
  }

  /** Whether a bulk with this text is written, of those that a guard let pass. */
  boolean hasWritten(String text) {
    return written.contains(text);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        answer(exchange, 401, "application/json", bytes("{}"));
        return;
      }
      Optional<Map.Entry<String, Guard>> guarded = guarded(exchange.getRequestURI(), body);
      int refused = guarded.isEmpty() ? PASS : guarded.get().getValue().answer();
      if (refused != PASS) {
        answer(
            exchange,
            refused,
            "application/json",
            bytes("{\"error\":{\"type\":\"door_exception\"}}"));
        return;
      }
      HttpRequest.Builder request =
          HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI().toString()))
              .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (type != null) {
        request.header("Content-Type", type);
      }
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      guarded.ifPresent(bulk -> written.add(bulk.getKey()));
      answer(
          exchange,
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse("application/json"),
          response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The guard before a bulk, with the text in it. */
  private Optional<Map.Entry<String, Guard>> guarded(URI uri, byte[] body) {
    if (!uri.getPath().endsWith("/_bulk")) {
      return Optional.empty();
    }
    String bulk = new String(body, StandardCharsets.ISO_8859_1);
    return guards.entrySet().stream().filter(guard -> bulk.contains(guard.getKey())).findFirst();
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean none = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
    exchange.sendResponseHeaders(status, none ? -1 : body.length);
    if (!none) {
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
