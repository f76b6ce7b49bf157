package io.logarchive.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import io.logarchive.fault.ServiceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Says what a failed call of one of Azure's services means. */
final class AzureFault {
  private static final HttpHeaderName CODE = HttpHeaderName.fromString("x-ms-error-code");
  private static final HttpHeaderName REQUEST_ID = HttpHeaderName.fromString("x-ms-request-id");
  private static final Set<String> ABSENT = Set.of("BlobNotFound");

  /** Refusals in the form of a fault of the caller's that pass by themselves; nothing was done. */
  private static final Set<String> PASSING = Set.of("ServerBusy", "Md5Mismatch");

  /** Whether the call that failed was to change anything. */
  enum Effect {
    READ,
    WRITE
  }

  private AzureFault() {}

  /** The service's own code; the status where it gave none. */
  static String code(HttpResponseException failure) {
    return header(failure, CODE)
        .or(() -> codeInBody(failure))
        .orElseGet(() -> "Http" + status(failure));
  }

  /** Where Key Vault says it, and says it more exactly in an inner error. */
  private static Optional<String> codeInBody(HttpResponseException failure) {
    if (failure.getValue() instanceof Map<?, ?> body
        && body.get("error") instanceof Map<?, ?> error) {
      Object code = error.get("innererror") instanceof Map<?, ?> inner ? inner.get("code") : null;
      return Optional.ofNullable(code == null ? error.get("code") : code)
          .filter(String.class::isInstance)
          .map(String.class::cast);
    }
    return Optional.empty();
  }

  static int status(HttpResponseException failure) {
    HttpResponse reply = failure.getResponse();
    return reply == null ? 0 : reply.getStatusCode();
  }

  /**
   * @param failure what the SDK let out: of its own kinds, or a bare {@link RuntimeException} about
   *     one of the JDK's
   * @param lost whether the reply to a try before was lost, so that it is not sure that nothing was
   *     changed
   */
  static ServiceException of(
      String operation, Effect effect, RuntimeException failure, boolean lost) {
    HttpResponseException answered = cause(failure, HttpResponseException.class);
    return answered != null && answered.getResponse() != null
        ? answered(operation, effect, code(answered), status(answered), answered, lost)
        : unanswered(operation, effect, failure, lost);
  }

  /**
   * @param code what the service gave as the reason
   * @param status of the reply, or of what failed in it
   */
  static ServiceException answered(
      String operation,
      Effect effect,
      String code,
      int status,
      HttpResponseException failure,
      boolean lost) {
    String requestId = header(failure, REQUEST_ID).orElse(null);
    if (ABSENT.contains(code)) {
      return new ServiceException.NotFound(operation, code, requestId, failure);
    }
    boolean refusedForNow = status == 429 || status == 503 || PASSING.contains(code);
    if (refusedForNow && !lost) {
      return new ServiceException.Unavailable(operation, code, requestId, failure);
    }
    if (refusedForNow || status == 408 || status >= 500 || status < 300) {
      return undone(operation, effect, code, requestId, failure);
    }
    return new ServiceException.Denied(operation, code, requestId, failure);
  }

  private static ServiceException unanswered(
      String operation, Effect effect, RuntimeException failure, boolean lost) {
    if (neverSent(failure) && !lost) {
      return new ServiceException.Unavailable(operation, "Unreachable", null, failure);
    }
    boolean timeout =
        cause(failure, HttpTimeoutException.class) != null
            || cause(failure, TimeoutException.class) != null;
    String code =
        timeout
            ? "Timeout"
            : cause(failure, IOException.class) != null ? "ConnectionLost" : "UnreadableReply";
    return undone(operation, effect, code, null, failure);
  }

  private static ServiceException undone(
      String operation,
      Effect effect,
      String code,
      @Nullable String requestId,
      RuntimeException failure) {
    return switch (effect) {
      case READ -> new ServiceException.Unavailable(operation, code, requestId, failure);
      case WRITE -> new ServiceException.OutcomeUnknown(operation, code, requestId, failure);
    };
  }

  static boolean neverSent(Throwable failure) {
    return cause(failure, ConnectException.class) != null
        || cause(failure, UnknownHostException.class) != null
        || cause(failure, UnresolvedAddressException.class) != null
        || cause(failure, NoRouteToHostException.class) != null
        || cause(failure, SSLHandshakeException.class) != null
        || cause(failure, HttpConnectTimeoutException.class) != null;
  }

  private static Optional<String> header(HttpResponseException failure, HttpHeaderName name) {
    return Optional.ofNullable(failure.getResponse())
        .map(reply -> reply.getHeaderValue(name))
        .filter(value -> !value.isBlank());
  }

  static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
