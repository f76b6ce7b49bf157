package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalHttpServerTest {
  private final BlockingQueue<Request> seen = new LinkedBlockingQueue<>();

  private Reply record(Request request) {
    seen.add(request);
    return new Reply(200, Map.of(), new byte[0]);
  }

  @Test
  void requestsArriveAsTheyWereSent() throws Exception {
    byte[] gzip = gzip("{\"message\":\"packed\"}\n");
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-1");
        HttpClient client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(server.uri().resolve("/a%20b/c?token=x%2By&type=&type=z"))
              .header("Content-Encoding", "gzip")
              .header("X-Twice", "one")
              .header("x-twice", "two")
              .POST(BodyPublishers.ofByteArray(gzip))
              .build(),
          BodyHandlers.discarding());
    }
    Request request = seen.remove();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/a%20b/c");
    assertThat(request.query()).isEqualTo("token=x%2By&type=&type=z");
    assertThat(request.headers().get("CONTENT-ENCODING")).containsExactly("gzip");
    assertThat(request.headers().get("X-Twice")).containsExactly("one", "two");
    assertThat(request.body()).isEqualTo(gzip);
    assertThat(request.client()).isEqualTo("127.0.0.1");
    assertThat(request.id()).isEqualTo("r-1");
  }

  @Test
  void aRequestWithoutAQueryHasNone() throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-1")) {
      get(server, "/");
    }
    assertThat(seen.remove().query()).isNull();
  }

  @Test
  void repliesLeaveAsTheyWereGiven() throws Exception {
    byte[] body = {0, (byte) 0xff, 10};
    Reply reply =
        new Reply(429, Map.of("Retry-After", List.of("7"), "X-Twice", List.of("one", "two")), body);
    try (LocalHttpServer server = LocalHttpServer.start(0, request -> reply, () -> "r-1");
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer =
          client.send(HttpRequest.newBuilder(server.uri()).build(), BodyHandlers.ofByteArray());

      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().allValues("Retry-After")).containsExactly("7");
      assertThat(answer.headers().allValues("X-Twice")).containsExactly("one", "two");
      assertThat(answer.headers().firstValue("Server")).isEmpty();
      assertThat(answer.body()).isEqualTo(body);
    }
  }

  @Test
  void aBodyAtTheLimitIsTaken() throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-1");
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<Void> answer =
          client.send(
              HttpRequest.newBuilder(server.uri())
                  .POST(BodyPublishers.ofByteArray(new byte[LocalHttpServer.BODY_LIMIT]))
                  .build(),
              BodyHandlers.discarding());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    assertThat(seen.remove().body()).hasSize(LocalHttpServer.BODY_LIMIT);
  }

  @Test
  void aBodyAnnouncedAsTooLargeIsRefusedUnread() throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-1")) {
      String head =
          "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + (LocalHttpServer.BODY_LIMIT + 1)
              + "\r\n\r\n";

      String answer = exchange(server, head.getBytes(StandardCharsets.US_ASCII));

      assertThat(answer).startsWith("HTTP/1.1 413 ").contains("Connection: close");
      assertThat(errorOf(answer)).containsEntry("errorCode", "archive/BODY_TOO_LARGE");
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void aBodyThatTurnsOutTooLargeIsRefused() throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-1")) {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(ascii("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
      int size = LocalHttpServer.BODY_LIMIT + 1;
      request.writeBytes(ascii(Integer.toHexString(size) + "\r\n"));
      request.writeBytes(new byte[size]);

      String answer = exchange(server, request.toByteArray());

      assertThat(answer).startsWith("HTTP/1.1 413 ").contains("Connection: close");
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void whatIsNotHttpIsRefusedInTheServicesOwnForm() throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-9")) {
      String answer = exchange(server, ascii("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"));

      assertThat(answer).startsWith("HTTP/1.1 400 ");
      assertThat(errorOf(answer))
          .containsEntry("errorCode", "archive/INVALID_REQUEST")
          .containsEntry("requestId", "r-9")
          .hasEntrySatisfying("message", message -> assertThat(message).isNotBlank());
    }
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1%2F2",
        "%2F%2F",
        "%2e%2e%2f",
        "..%5c",
        "%5C",
        "%3B",
        "%252F",
        "%7F",
        "%C0%AF",
        "%E0%80%AF",
        "%F0%80%80%AF",
        "%ED%A0%80",
        "%FF%31",
        "%C3"
      })
  void oddEscapesOfAPathArriveAsTheyWereSent(String odd) throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-9")) {
      String answer = exchange(server, ascii(closing("/archive/restore/" + odd)));

      assertThat(answer).startsWith("HTTP/1.1 200 ");
      assertThat(seen.remove().path()).isEqualTo("/archive/restore/" + odd);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%00", "1%00", "%", "%4", "%zz", "%4x", "1%", "%u00zz"})
  void brokenEscapesOfAPathAreRefusedInTheServicesOwnForm(String broken) throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-9")) {
      String answer = exchange(server, ascii(closing("/archive/restore/" + broken)));

      assertThat(answer).startsWith("HTTP/1.1 400 ");
      assertThat(errorOf(answer)).containsEntry("errorCode", "archive/INVALID_REQUEST");
    }
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%00", "%", "%zz", "%C0%AF", "%ED%A0%80", "a=%&b=%2", "%u0041"})
  void anyQueryArrivesAsItWasSent(String odd) throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-9")) {
      String answer = exchange(server, ascii(closing("/?" + odd)));

      assertThat(answer).startsWith("HTTP/1.1 200 ");
      assertThat(seen.remove().query()).isEqualTo(odd);
    }
  }

  private static String closing(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  }

  @Test
  void headersThatAreTooLongAreRefusedInTheServicesOwnForm() throws Exception {
    try (LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r-9")) {
      String header = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(20_000);

      String answer = exchange(server, ascii(header + "\r\n\r\n"));

      assertThat(answer).startsWith("HTTP/1.1 431 ");
      assertThat(errorOf(answer)).containsEntry("errorCode", "archive/INVALID_REQUEST");
    }
  }

  @Test
  void anEndpointThatFailsIsA500() throws Exception {
    Endpoint failing =
        request -> {
          throw new IllegalStateException("a bug");
        };
    try (LocalHttpServer server = LocalHttpServer.start(0, failing, () -> "r-9")) {
      HttpResponse<String> answer = get(server, "/");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(error(answer.body()))
          .containsEntry("errorCode", "archive/INTERNAL")
          .containsEntry("requestId", "r-9");
    }
  }

  @Test
  void manyRequestsAreAnsweredAtOnce() throws Exception {
    int many = 300;
    CountDownLatch allIn = new CountDownLatch(many);
    Endpoint waiting =
        request -> {
          allIn.countDown();
          try {
            assertThat(allIn.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new Reply(200, Map.of(), new byte[0]);
        };
    try (LocalHttpServer server = LocalHttpServer.start(0, waiting, () -> "r");
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(server.uri()).build();
      List<CompletableFuture<HttpResponse<Void>>> answers =
          Stream.generate(() -> client.sendAsync(request, BodyHandlers.discarding()))
              .limit(many)
              .toList();
      for (CompletableFuture<HttpResponse<Void>> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (LocalHttpServer first = LocalHttpServer.start(0, this::record, () -> "r")) {
      int port = first.uri().getPort();

      assertThatThrownBy(() -> LocalHttpServer.start(port, this::record, () -> "r"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Port " + port);
    }
  }

  @Test
  void nothingListensAfterClose() throws Exception {
    LocalHttpServer server = LocalHttpServer.start(0, this::record, () -> "r");
    server.close();

    assertThatThrownBy(() -> get(server, "/")).isInstanceOf(IOException.class);
  }

  private static HttpResponse<String> get(LocalHttpServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }
  }

  /** Sends the bytes and reads up to the close that the server announces. */
  private static String exchange(LocalHttpServer server, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(request);
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<String, String> errorOf(String answer) {
    return error(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  private static Map<String, String> error(String body) {
    JsonObject error = Json.object(body.getBytes(StandardCharsets.UTF_8));
    assertThat(error.members()).containsOnlyKeys("errorCode", "message", "requestId");
    return error.members().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, member -> ((JsonValue.Text) member.getValue()).value()));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
