package io.logarchive.functions.azure;

import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatusType;
import io.logarchive.functions.UrlDecoding;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Refusal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The messages in which the host hands HTTP requests to a function, and takes its replies.
 *
 * <p>A body of {@code application/octet-stream} or {@code multipart/*} comes as it was sent; any
 * other was read as UTF-8 and comes as text, and one that was sent in chunks comes empty. The query
 * is read from the address: the host's own list leaves out parameters without a value.
 */
final class HttpMessages {
  /** The path for bytes: whatever is compressed. */
  static final String OCTETS = "octets";

  private HttpMessages() {}

  /**
   * The request in a message.
   *
   * @throws Refusal with {@code 400}, if its address is none
   */
  static ApiRequest read(HttpRequestMessage<? extends Optional<?>> message, String id) {
    URI address;
    try {
      address = message.getUri();
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("The address is not percent-encoded: encode what a URL may not hold");
    }
    Object body = message.getBody() == null ? null : message.getBody().orElse(null);
    String query = address.getRawQuery();
    return new ApiRequest(
        message.getHttpMethod().name(),
        path(address),
        UrlDecoding.query(query == null ? "" : query),
        message.getHeaders(),
        switch (body) {
          case null -> new byte[0];
          case byte[] bytes -> bytes;
          default -> body.toString().getBytes(StandardCharsets.UTF_8);
        },
        body == null || body instanceof byte[],
        id);
  }

  /** The path for bytes stands for the root. */
  private static String path(URI address) {
    String path = UrlDecoding.path(address.getRawPath());
    return path.isEmpty() || path.equals("/" + OCTETS) ? "/" : path;
  }

  static HttpResponseMessage write(ApiResponse response, HttpRequestMessage<?> message) {
    HttpResponseMessage.Builder reply =
        message.createResponseBuilder(HttpStatusType.custom(response.status()));
    response.headers().forEach(reply::header);
    return response.body().length == 0 ? reply.build() : reply.body(response.body()).build();
  }
}
