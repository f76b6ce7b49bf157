package io.logarchive.opensearch;

import io.logarchive.fault.ServiceException;
import io.logarchive.json.CutJson;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import io.logarchive.opensearch.OpenSearchConfig.Login;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Speaks with OpenSearch over HTTP. What goes wrong comes out as a {@link ServiceException}. */
final class OpenSearchClient {
  /** The code of a reply that has too much beside its hits. */
  static final String REPLY_TOO_LONG = "ReplyTooLong";

  private static final int UNAUTHORIZED = 401;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final List<String> HITS = List.of("hits", "hits");

  /**
   * A request.
   *
   * @param operation what failures call it
   * @param path with its query
   * @param changes whether it may have changed something once it was sent
   */
  record Call(String operation, String method, String path, BodyPublisher body, boolean changes) {

    static Call reading(String operation, String path) {
      return new Call(operation, "GET", path, BodyPublishers.noBody(), false);
    }

    static Call changing(String operation, String method, String path) {
      return new Call(operation, method, path, BodyPublishers.noBody(), true);
    }

    Call with(JsonObject json) {
      BodyPublisher bytes = BodyPublishers.ofByteArray(json.bytes());
      return new Call(operation, method, path, bytes, changes);
    }
  }

  /**
   * An answer, whatever its status.
   *
   * @param cut whether hits were left out
   */
  record Reply(int status, JsonObject body, boolean cut, @Nullable String requestId) {
    boolean succeeded() {
      return status >= 200 && status < 300;
    }

    String code() {
      return errorType(body).orElse("HTTP " + status);
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final URI endpoint;
  private final @Nullable Supplier<Login> logins;
  private final Patience patience;
  private @Nullable Login login;

  OpenSearchClient(OpenSearchConfig config, Patience patience) {
    this.endpoint = config.endpoint();
    this.logins = config.login();
    this.patience = patience;
  }

  Patience patience() {
    return patience;
  }

  /** Asks until it succeeds, fails for good or takes too long: every call may be made twice. */
  JsonObject call(Call call) {
    Patience.Tries tries = patience.start();
    while (true) {
      try {
        return succeeded(call, exchange(call)).body();
      } catch (ServiceException.Unavailable | ServiceException.OutcomeUnknown e) {
        tries.await(e);
      }
    }
  }

  /** Gives the reply back if it is a success. */
  static Reply succeeded(Call call, Reply reply) {
    if (reply.succeeded()) {
      return reply;
    }
    String operation = call.operation();
    throw switch (reply.status()) {
      case 404 -> new ServiceException.NotFound(operation, reply.code(), reply.requestId(), null);
      case 429, 503 ->
          new ServiceException.Unavailable(operation, reply.code(), reply.requestId(), null);
      default ->
          reply.status() < 500
              ? new ServiceException.Denied(operation, reply.code(), reply.requestId(), null)
              : lost(call, reply.code(), reply.requestId(), null);
    };
  }

  /** Asks once. */
  Reply exchange(Call call) {
    return exchange(call, patience.answer(), Integer.MAX_VALUE);
  }

  /**
   * Asks once; again if the login it was asked with is no longer the one to use.
   *
   * @param most how long both answers together may take, without the reading of logins
   * @param mostHitBytes hits behind so many bytes are left out, and as much may be beside them
   */
  Reply exchange(Call call, Duration most, int mostHitBytes) {
    if (logins == null) {
      return ask(call, null, most, mostHitBytes);
    }
    Login used = login(logins, null);
    long start = System.nanoTime();
    Reply reply = ask(call, used, most, mostHitBytes);
    if (reply.status() != UNAUTHORIZED) {
      return reply;
    }
    Duration left = most.minusNanos(System.nanoTime() - start);
    Login now = login(logins, used);
    return now.equals(used) ? reply : ask(call, now, left, mostHitBytes);
  }

  /**
   * The login to use, read when there is none yet but the refused one. Not before the first call: a
   * snapshot of a process that has made none holds no login.
   */
  private synchronized Login login(Supplier<Login> logins, @Nullable Login refused) {
    Login known = login;
    if (known == null || known.equals(refused)) {
      known = logins.get();
      login = known;
    }
    return known;
  }

  private Reply ask(Call call, @Nullable Login as, Duration most, int mostHitBytes) {
    Future<Reply> reply = threads.submit(() -> send(call, as, mostHitBytes));
    try {
      return reply.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      reply.cancel(true);
      throw lost(call, "Timeout", null, e);
    } catch (InterruptedException e) {
      reply.cancel(true);
      Thread.currentThread().interrupt();
      throw lost(call, "Interrupted", null, e);
    } catch (ExecutionException e) {
      throw failed(call, e.getCause());
    }
  }

  private Reply send(Call call, @Nullable Login as, int mostHitBytes)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(call.path())).method(call.method(), call.body());
    if (call.body().contentLength() != 0) {
      // OpenSearch takes this for a bulk too, whose lines are objects each.
      request.header("Content-Type", "application/json");
    }
    if (as != null) {
      request.header("Authorization", basic(as));
    }
    HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
    String requestId = response.headers().firstValue("x-amzn-requestid").orElse(null);
    try (InputStream body = response.body()) {
      CutJson json = CutJson.read(body, HITS, mostHitBytes);
      return new Reply(response.statusCode(), json.object(), json.cut(), requestId);
    } catch (MalformedJsonException e) {
      if (response.statusCode() < 300) {
        throw e;
      }
      // What stands between us and OpenSearch answers in its own words.
      return new Reply(response.statusCode(), JsonObject.EMPTY, false, requestId);
    }
  }

  private static ServiceException failed(Call call, @Nullable Throwable cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return new ServiceException.Unavailable(call.operation(), "Unreachable", null, cause);
    }
    if (cause instanceof CutJson.TooLongException) {
      return new ServiceException.Denied(call.operation(), REPLY_TOO_LONG, null, cause);
    }
    if (cause instanceof IOException || cause instanceof MalformedJsonException) {
      return lost(call, cause.getClass().getSimpleName(), null, cause);
    }
    throw new IllegalStateException(call.operation() + " failed", cause);
  }

  /** It was sent, and what became of it is not known. */
  private static ServiceException lost(
      Call call, String code, @Nullable String requestId, @Nullable Throwable cause) {
    return call.changes()
        ? new ServiceException.OutcomeUnknown(call.operation(), code, requestId, cause)
        : new ServiceException.Unavailable(call.operation(), code, requestId, cause);
  }

  private static String basic(Login login) {
    String both = login.user() + ":" + login.password().value();
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /** What OpenSearch calls the error in an answer, or in an item of one. */
  static Optional<String> errorType(JsonObject answer) {
    return answer.members().get("error") instanceof JsonObject error
            && error.members().get("type") instanceof JsonValue.Text type
        ? Optional.of(type.value())
        : Optional.empty();
  }
}
