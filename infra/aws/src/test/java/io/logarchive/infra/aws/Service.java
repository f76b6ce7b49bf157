package io.logarchive.infra.aws;

import io.logarchive.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The deployed service, as its users see it.
 *
 * @param api where API Gateway serves it, with the stage
 * @param ingestHost the host name of the Function URL, which is looked at where LocalStack answers
 */
record Service(HttpClient http, URI api, URI ingest, String ingestHost) {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  Reply call(String method, String path, String token, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(api + path))
            .header("X-API-TOKEN", token)
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.bytes())));
  }

  /** The reply to a call that must succeed. */
  JsonObject ask(String method, String path, String token, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    Reply reply = call(method, path, token, body);
    if (reply.status() != 200) {
      throw new AssertionError(
          method + " " + path + " was answered " + reply.status() + ": " + reply.text());
    }
    return reply.json();
  }

  /** Sends lines as a shipper does. */
  Reply ship(String shippingToken, byte[] lines) throws IOException, InterruptedException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(lines);
    }
    return send(
        HttpRequest.newBuilder(ingest.resolve("/?type=it&token=" + shippingToken))
            .header("Host", ingestHost)
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(gzip.toByteArray())));
  }

  private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
    return new Reply(response.statusCode(), response.body());
  }
}
