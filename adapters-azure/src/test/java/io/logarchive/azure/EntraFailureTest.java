package io.logarchive.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logarchive.account.Secret;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.fault.ServiceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entra's codes tell what is wrong, its statuses whether it passes. */
final class EntraFailureTest {
  private static final String SECRET = "planted-client-secret";

  private static LoopbackTls tls;
  private static HttpsServer server;
  private static volatile int status;
  private static volatile String body = "";

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    tls = LoopbackTls.make(directory);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    server.createContext("/", EntraFailureTest::answer);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "503 | temporarily_unavailable | AADSTS90033: A transient error has occurred. | AADSTS90033",
        "400 | temporarily_unavailable | AADSTS90033: A transient error has occurred. | AADSTS90033",
        "429 | invalid_request | AADSTS90055: There are too many incoming requests. | AADSTS90055",
        "429 | temporarily_unavailable | The server is too busy. | temporarily_unavailable",
        "408 | invalid_request | AADSTS90033: It took too long. | AADSTS90033",
        "500 | server_error | AADSTS50000: There was an error issuing a token. | AADSTS50000",
        "502 | server_error | It broke. | server_error",
      })
  void whatPassesIsUnavailable(int replied, String error, String description, String code) {
    reply(replied, error, description);
    assertThat(failure(authority()))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetToken: " + code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | invalid_client | AADSTS7000215: Invalid client secret provided. | AADSTS7000215",
        "400 | unauthorized_client | AADSTS700016: No such application. | AADSTS700016",
        "400 | invalid_request | AADSTS90002: No such tenant. | AADSTS90002",
        "401 | invalid_client | It did not say which. | invalid_client",
      })
  void whatDoesNotPassIsDenied(int replied, String error, String description, String code) {
    reply(replied, error, description);
    assertThat(failure(authority()))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("GetToken: " + code);
  }

  @ParameterizedTest
  @CsvSource({
    "503, '', Http503",
    "429, {}, Http429",
    "503, <html>Service Unavailable</html>, UnreadableReply",
    "200, {}, UnreadableReply"
  })
  void aReplyThatIsNotEntrasIsUnavailable(int replied, String text, String code) {
    status = replied;
    body = text;
    assertThat(failure(authority()))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetToken: " + code);
  }

  @ParameterizedTest
  @CsvSource({"403, '', Http403", "401, {}, Http401"})
  void aRefusalWithoutAWordIsDenied(int replied, String text, String code) {
    status = replied;
    body = text;
    assertThat(failure(authority()))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("GetToken: " + code);
  }

  private static void reply(int replied, String error, String description) {
    status = replied;
    body = "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(error, description);
  }

  private static ServiceException failure(URI authority) {
    BlobArchiveStorageProvider provider =
        new BlobArchiveStorageProvider(
            new AzureClients(new AzureEndpoints(authority, authority), tls::http));
    StorageAccess.Blob access =
        new StorageAccess.Blob(
            new BlobLocation("account", "container", ""),
            StubEntra.TENANT,
            StubEntra.CLIENT,
            new Secret(SECRET));
    ServiceException failure =
        catchThrowableOfType(ServiceException.class, () -> provider.signIn(access));
    assertThat(failure).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(SECRET);
    return failure;
  }

  private static URI authority() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
