package io.logarchive.functions.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as the host hands it to a function: names of headers in lower case, a body that is not
 * of {@code application/octet-stream} or {@code multipart/*} as text.
 */
final class HostRequest<T> implements HttpRequestMessage<Optional<T>> {
  private final HttpMethod method;
  private final String url;
  private final Map<String, String> headers;
  private final @Nullable T body;

  private HostRequest(
      String method, String pathAndQuery, Map<String, String> headers, @Nullable T body) {
    this.method = HttpMethod.value(method);
    this.url = "https://logs.azurewebsites.net" + pathAndQuery;
    this.headers = headers;
    this.body = body;
  }

  /**
   * Of a request as it was sent.
   *
   * @param body empty for none
   */
  static HostRequest<?> marshalled(
      String method, String pathAndQuery, Map<String, String> headers, byte[] body) {
    Map<String, String> sent = lowerCase(headers);
    String type = sent.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    if (body.length == 0 || sent.getOrDefault("transfer-encoding", "").contains("chunked")) {
      return new HostRequest<>(method, pathAndQuery, sent, null);
    }
    sent.put("content-length", Integer.toString(body.length));
    return type.startsWith("application/octet-stream") || type.startsWith("multipart/")
        ? new HostRequest<>(method, pathAndQuery, sent, body)
        : new HostRequest<>(method, pathAndQuery, sent, new String(body, UTF_8));
  }

  static HostRequest<String> of(String method, String pathAndQuery, Map<String, String> headers) {
    return new HostRequest<>(method, pathAndQuery, lowerCase(headers), null);
  }

  /** Of a body that the host reads as text, with its length as it was sent. */
  @SuppressWarnings("unchecked")
  static HostRequest<String> text(String pathAndQuery, Map<String, String> headers, byte[] body) {
    return (HostRequest<String>) marshalled("POST", pathAndQuery, headers, body);
  }

  @SuppressWarnings("unchecked")
  static HostRequest<byte[]> octets(String pathAndQuery, Map<String, String> headers, byte[] body) {
    Map<String, String> sent = new HashMap<>(headers);
    sent.put("Content-Type", "application/octet-stream");
    return (HostRequest<byte[]>) marshalled("POST", pathAndQuery, sent, body);
  }

  /** Whether the function declares a body of this kind: {@code HttpRequestMessage<Optional<T>>}. */
  boolean isFor(Method function) {
    Type message = function.getGenericParameterTypes()[0];
    Type optional = ((ParameterizedType) message).getActualTypeArguments()[0];
    Type declared = ((ParameterizedType) optional).getActualTypeArguments()[0];
    return body == null || declared == body.getClass();
  }

  private static Map<String, String> lowerCase(Map<String, String> headers) {
    Map<String, String> lower = new HashMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }

  @Override
  public URI getUri() {
    return URI.create(url);
  }

  @Override
  public HttpMethod getHttpMethod() {
    return method;
  }

  @Override
  public Map<String, String> getHeaders() {
    return headers;
  }

  @Override
  public Map<String, String> getQueryParameters() {
    throw new UnsupportedOperationException("The host leaves parameters without a value out");
  }

  @Override
  public Optional<T> getBody() {
    return Optional.ofNullable(body);
  }

  @Override
  public HttpResponseMessage.Builder createResponseBuilder(HttpStatus status) {
    return new Reply(status);
  }

  @Override
  public HttpResponseMessage.Builder createResponseBuilder(HttpStatusType status) {
    return new Reply(status);
  }

  private static final class Reply implements HttpResponseMessage, HttpResponseMessage.Builder {
    private final Map<String, String> headers = new HashMap<>();
    private HttpStatusType status;
    private @Nullable Object body;

    Reply(HttpStatusType status) {
      this.status = status;
    }

    @Override
    public HttpStatusType getStatus() {
      return status;
    }

    @Override
    public @Nullable String getHeader(String key) {
      return headers.get(key);
    }

    @Override
    public @Nullable Object getBody() {
      return body;
    }

    @Override
    public Builder status(HttpStatusType changed) {
      status = changed;
      return this;
    }

    @Override
    public Builder header(String key, String value) {
      headers.put(key, value);
      return this;
    }

    @Override
    public Builder body(Object changed) {
      body = changed;
      return this;
    }

    @Override
    public HttpResponseMessage build() {
      return this;
    }
  }
}
