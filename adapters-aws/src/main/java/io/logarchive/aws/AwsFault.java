package io.logarchive.aws;

import io.logarchive.fault.ServiceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Says what a failed call of an AWS service means. */
final class AwsFault {
  private static final Pattern KMS_ACTION = Pattern.compile("\\bkms:[A-Za-z]{1,40}\\b");

  private static final Set<String> ABSENT = Set.of("NoSuchKey");

  /** Refusals in the form of a fault of the caller's that pass by themselves. */
  private static final Set<String> PASSING =
      Set.of(
          "RequestTimeout",
          "ConditionalRequestConflict",
          "OperationAborted",
          "ProvisionedThroughputExceeded",
          "ThrottlingError",
          "TransactionConflict",
          "TransactionConflictException",
          "TransactionInProgressException");

  /** Whether the call that failed was to change anything. */
  enum Effect {
    READ,
    WRITE
  }

  private AwsFault() {}

  /** Makes a call, and says what it means if it fails. */
  static <T> T call(String operation, Effect effect, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw of(operation, effect, e);
    }
  }

  /** The SDK takes a reply that was cut off within its headers for one that says nothing. */
  static <T extends SdkResponse> T whole(T reply) {
    SdkHttpResponse http = reply.sdkHttpResponse();
    if (http.firstMatchingHeader("Content-Length").isEmpty()
        && http.firstMatchingHeader("Transfer-Encoding").isEmpty()) {
      throw SdkClientException.create("The reply ended before it began");
    }
    return reply;
  }

  static ServiceException of(String operation, Effect effect, SdkException failure) {
    return failure instanceof AwsServiceException service
        ? answered(operation, effect, code(service), service)
        : unanswered(operation, effect, failure);
  }

  private static String code(AwsServiceException failure) {
    String code = failure.awsErrorDetails() == null ? null : failure.awsErrorDetails().errorCode();
    if (code == null || code.isBlank()) {
      return "Http" + failure.statusCode();
    }
    return code.equals("AccessDenied") ? code + reason(failure) : code;
  }

  /** S3 has one code for every refusal; its message alone tells what it was that refused. */
  private static String reason(AwsServiceException failure) {
    String message = Objects.requireNonNullElse(failure.awsErrorDetails().errorMessage(), "");
    Matcher kms = KMS_ACTION.matcher(message);
    if (kms.find()) {
      return " (" + kms.group() + ")";
    }
    return message.contains("explicit deny") ? " (explicit deny)" : "";
  }

  /**
   * @param code what the service gave as the reason
   */
  static ServiceException answered(
      String operation, Effect effect, String code, AwsServiceException failure) {
    String requestId = failure.requestId();
    if (ABSENT.contains(code)) {
      return new ServiceException.NotFound(operation, code, requestId, failure);
    }
    if (failure.statusCode() < 300) {
      // A status line that was cut off: "HTTP/1.1 20".
      return undone(operation, effect, "UnreadableReply", requestId, failure);
    }
    boolean refusedForNow =
        failure.isThrottlingException()
            || failure.statusCode() == 429
            || failure.statusCode() == 503
            || PASSING.contains(code);
    if (refusedForNow && sameEveryTime(failure)) {
      return new ServiceException.Unavailable(operation, code, requestId, failure);
    }
    boolean neverKnown = failure.statusCode() == 501;
    if (refusedForNow || (failure.statusCode() >= 500 && !neverKnown)) {
      return undone(operation, effect, code, requestId, failure);
    }
    return new ServiceException.Denied(operation, code, requestId, failure);
  }

  private static ServiceException unanswered(
      String operation, Effect effect, SdkException failure) {
    if (neverSent(failure) && sameEveryTime(failure)) {
      return new ServiceException.Unavailable(operation, "Unreachable", null, failure);
    }
    boolean timeout =
        failure instanceof ApiCallTimeoutException
            || failure instanceof ApiCallAttemptTimeoutException
            || cause(failure, SocketTimeoutException.class) != null;
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
      SdkException failure) {
    return switch (effect) {
      case READ -> new ServiceException.Unavailable(operation, code, requestId, failure);
      case WRITE -> new ServiceException.OutcomeUnknown(operation, code, requestId, failure);
    };
  }

  private static boolean neverSent(SdkException failure) {
    SocketTimeoutException timeout = cause(failure, SocketTimeoutException.class);
    return cause(failure, ConnectException.class) != null
        || cause(failure, UnknownHostException.class) != null
        || cause(failure, NoRouteToHostException.class) != null
        || cause(failure, SSLHandshakeException.class) != null
        || (timeout != null && "Connect timed out".equalsIgnoreCase(timeout.getMessage()));
  }

  /**
   * An earlier try may have lost its reply: that nothing was changed is sure only if all failed
   * alike. The SDK keeps of each no more than its message.
   */
  private static boolean sameEveryTime(SdkException failure) {
    String last = Objects.requireNonNullElse(failure.rawMessage(), "");
    return Arrays.stream(failure.getSuppressed())
        .allMatch(earlier -> String.valueOf(earlier.getMessage()).contains(last));
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
