package io.logarchive.infra.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logarchive.azurite.LoopbackTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A container with one blob, {@code key}, which takes any other. */
final class StubContainer implements AutoCloseable {
  private static final String TEXT = "archived";
  private static final String TIME = "Tue, 24 Nov 2026 09:00:00 GMT";

  private final HttpsServer server;
  private final List<String> written = new CopyOnWriteArrayList<>();

  StubContainer(LoopbackTls tls) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    server.createContext("/", this::answer);
    server.start();
  }

  URI endpoint() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  /** What was written, each as path and text. */
  List<String> written() {
    return List.copyOf(written);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String path = exchange.getRequestURI().getPath();
    Headers headers = exchange.getResponseHeaders();
    headers.add("x-ms-request-id", "BLOB-1");
    headers.add("ETag", "\"0x1\"");
    headers.add("Last-Modified", TIME);
    if (!exchange.getRequestHeaders().getFirst("Authorization").startsWith("Bearer ")) {
      fail(exchange, 401, "NoAuthenticationInformation");
    } else if (exchange.getRequestMethod().equals("PUT")) {
      written.add(path + " " + body);
      send(exchange, 201, "");
    } else if (String.valueOf(exchange.getRequestURI().getQuery()).contains("comp=list")) {
      headers.add("Content-Type", "application/xml");
      send(exchange, 200, listing());
    } else if (path.endsWith("/key")) {
      headers.add("Content-Type", "application/octet-stream");
      headers.add("Content-Range", "bytes 0-%1$d/%2$d".formatted(TEXT.length() - 1, TEXT.length()));
      headers.add("x-ms-blob-type", "BlockBlob");
      send(exchange, 206, TEXT);
    } else {
      fail(exchange, 404, "BlobNotFound");
    }
  }

  private static String listing() {
    return """
        <?xml version="1.0" encoding="utf-8"?>
        <EnumerationResults ServiceEndpoint="https://a/" ContainerName="c"><Blobs><Blob>\
        <Name>key</Name><Properties><Last-Modified>%s</Last-Modified><Etag>0x1</Etag>\
        <Content-Length>%d</Content-Length><BlobType>BlockBlob</BlobType>\
        <AccessTier>Cool</AccessTier></Properties></Blob></Blobs><NextMarker/></EnumerationResults>"""
        .formatted(TIME, TEXT.length());
  }

  private static void fail(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.getResponseHeaders().add("x-ms-error-code", code);
    send(exchange, status, "<Error><Code>" + code + "</Code><Message>Said by it</Message></Error>");
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
