package io.logarchive.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers by calling functions as the Functions host and its Java worker do: found by the route
 * that their annotations name, with a body that is bytes if its type is {@code
 * application/octet-stream} or {@code multipart/*}, nothing if it came in chunks, and text else. A
 * function that declares the other kind is not called, and the request fails.
 */
final class HostEndpoint implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(HostEndpoint.class);
  private static final Reply NOT_FOUND = new Reply(404, Map.of(), new byte[0]);
  private static final Reply FAILED = new Reply(500, Map.of(), new byte[0]);

  /** A method that the host knows as a function. */
  private record Function(
      String name, Pattern route, Set<String> methods, Type body, Object object, Method method) {}

  private final Supplier<DurableClientContext> durable;
  private final List<Function> functions = new ArrayList<>();

  /**
   * @param durable what functions are given that ask for the way to Durable Functions
   * @param objects whose public methods with the annotations of HTTP functions are those
   */
  HostEndpoint(Supplier<DurableClientContext> durable, Object... objects) {
    this.durable = durable;
    for (Object object : objects) {
      for (Method method : object.getClass().getMethods()) {
        trigger(method).ifPresent(trigger -> functions.add(function(object, method, trigger)));
      }
    }
  }

  private static Optional<HttpTrigger> trigger(Method method) {
    return method.isAnnotationPresent(FunctionName.class)
        ? Arrays.stream(method.getParameters())
            .map(parameter -> parameter.getAnnotation(HttpTrigger.class))
            .filter(annotation -> annotation != null)
            .findFirst()
        : Optional.empty();
  }

  private static Function function(Object object, Method method, HttpTrigger trigger) {
    return new Function(
        method.getAnnotation(FunctionName.class).value(),
        route(trigger.route()),
        Arrays.stream(trigger.methods()).map(HttpMethod::name).collect(Collectors.toSet()),
        bodyType(method),
        object,
        method);
  }

  /** Of {@code HttpRequestMessage<Optional<T>>}, the {@code T}. */
  private static Type bodyType(Method method) {
    Type message = method.getGenericParameterTypes()[0];
    Type optional = ((ParameterizedType) message).getActualTypeArguments()[0];
    return ((ParameterizedType) optional).getActualTypeArguments()[0];
  }

  private static Pattern route(String template) {
    StringBuilder regex = new StringBuilder("");
    for (String part : template.split("/", -1)) {
      if (part.startsWith("{*")) {
        regex.append("(?:/.*)?");
      } else if (!part.isEmpty()) {
        regex.append('/').append(Pattern.quote(part));
      }
    }
    return Pattern.compile(regex.append("/?").toString(), Pattern.CASE_INSENSITIVE);
  }

  @Override
  public Reply answer(Request request) {
    Optional<Function> found =
        functions.stream()
            .filter(function -> function.route().matcher(request.path()).matches())
            .filter(function -> function.methods().contains(request.method()))
            .findFirst();
    return found.map(function -> call(function, request)).orElse(NOT_FOUND);
  }

  private Reply call(Function function, Request request) {
    Object body = body(request);
    if (body != null && function.body() != body.getClass()) {
      LOG.atError()
          .addKeyValue("function", function.name())
          .log("the function takes no such body: the worker cannot call it");
      return FAILED;
    }
    ExecutionContext call = new HostCall(function.name(), request.id());
    Message message = new Message(request, body);
    Object[] arguments =
        Arrays.stream(function.method().getParameters())
            .map(Parameter::getType)
            .map(
                type ->
                    type == HttpRequestMessage.class
                        ? message
                        : type == ExecutionContext.class ? call : durable.get())
            .toArray();
    try {
      return ((MessageReply) function.method().invoke(function.object(), arguments)).reply();
    } catch (InvocationTargetException | IllegalAccessException e) {
      LOG.atError().addKeyValue("function", function.name()).setCause(e).log("function failed");
      return FAILED;
    }
  }

  private static @Nullable Object body(Request request) {
    if (request.body().length == 0 || header(request, "Transfer-Encoding").contains("chunked")) {
      return null;
    }
    String type = header(request, "Content-Type");
    return type.startsWith("application/octet-stream") || type.startsWith("multipart/")
        ? request.body()
        : new String(request.body(), UTF_8);
  }

  private static String header(Request request, String name) {
    return String.join(",", request.headers().getOrDefault(name, List.of()))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private record Message(Request request, @Nullable Object body)
      implements HttpRequestMessage<Optional<Object>> {
    @Override
    public URI getUri() {
      String query = request.query();
      return URI.create("https://localhost" + request.path() + (query == null ? "" : "?" + query));
    }

    @Override
    public HttpMethod getHttpMethod() {
      return HttpMethod.value(request.method());
    }

    @Override
    public Map<String, String> getHeaders() {
      Map<String, String> headers = new HashMap<>();
      request
          .headers()
          .forEach(
              (name, values) ->
                  headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
      return headers;
    }

    @Override
    public Map<String, String> getQueryParameters() {
      return Map.of();
    }

    @Override
    public Optional<Object> getBody() {
      return Optional.ofNullable(body);
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatus status) {
      return new MessageReply(status);
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatusType status) {
      return new MessageReply(status);
    }
  }

  private static final class MessageReply
      implements HttpResponseMessage, HttpResponseMessage.Builder {
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private HttpStatusType status;
    private @Nullable Object body;

    MessageReply(HttpStatusType status) {
      this.status = status;
    }

    Reply reply() {
      return new Reply(
          status.value(),
          headers,
          switch (body) {
            case null -> new byte[0];
            case byte[] bytes -> bytes;
            default -> body.toString().getBytes(UTF_8);
          });
    }

    @Override
    public HttpStatusType getStatus() {
      return status;
    }

    @Override
    public @Nullable String getHeader(String key) {
      List<String> values = headers.get(key);
      return values == null ? null : values.getFirst();
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
      headers.put(key, List.of(value));
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
