package io.logarchive.fault;

import org.jspecify.annotations.Nullable;

/**
 * A service behind a port did not do what was asked. Every adapter throws these and nothing else;
 * each kind is a different act for the caller. The message holds the operation, the service's own
 * code and its request id, never a credential or log text.
 */
public abstract sealed class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String operation;
  private final String code;
  private final @Nullable String requestId;

  private ServiceException(
      String operation, String code, @Nullable String requestId, @Nullable Throwable cause) {
    super(
        operation + ": " + code + (requestId == null ? "" : " (request " + requestId + ")"), cause);
    this.operation = operation;
    this.code = code;
    this.requestId = requestId;
  }

  /** The operation as the service names it, such as {@code PutObject}. */
  public String operation() {
    return operation;
  }

  /**
   * The service's own error code, such as {@code AccessDenied}; the failure's kind where it gave
   * none.
   */
  public String code() {
    return code;
  }

  public @Nullable String requestId() {
    return requestId;
  }

  /**
   * Whether it is the deployment itself that lacks something, such as its own role, when it meant
   * to call a customer's storage: then the storage is not to blame, and was not called.
   */
  public boolean deploymentsOwn() {
    return false;
  }

  /** What was asked for is not there. */
  public static final class NotFound extends ServiceException {
    private static final long serialVersionUID = 1;

    public NotFound(
        String operation, String code, @Nullable String requestId, @Nullable Throwable cause) {
      super(operation, code, requestId, cause);
    }
  }

  /**
   * Refused: asking again is of no use until somebody changes a permission, a credential or the
   * request.
   */
  public static final class Denied extends ServiceException {
    private static final long serialVersionUID = 1;

    public Denied(
        String operation, String code, @Nullable String requestId, @Nullable Throwable cause) {
      super(operation, code, requestId, cause);
    }
  }

  /**
   * Unreachable, throttled or broken on its side; nothing was changed. Asking again later helps.
   */
  public static final class Unavailable extends ServiceException {
    private static final long serialVersionUID = 1;

    private final boolean deploymentsOwn;

    public Unavailable(
        String operation, String code, @Nullable String requestId, @Nullable Throwable cause) {
      this(operation, code, requestId, cause, false);
    }

    private Unavailable(
        String operation,
        String code,
        @Nullable String requestId,
        @Nullable Throwable cause,
        boolean deploymentsOwn) {
      super(operation, code, requestId, cause);
      this.deploymentsOwn = deploymentsOwn;
    }

    /** What the deployment itself needs to call a customer's storage failed. */
    public static Unavailable ofDeployment(ServiceException failure) {
      return new Unavailable(
          failure.operation(), failure.code(), failure.requestId(), failure, true);
    }

    @Override
    public boolean deploymentsOwn() {
      return deploymentsOwn;
    }
  }

  /**
   * A write whose reply was lost: it may have happened. Safe to ask again, as every step may run
   * twice.
   */
  public static final class OutcomeUnknown extends ServiceException {
    private static final long serialVersionUID = 1;

    public OutcomeUnknown(
        String operation, String code, @Nullable String requestId, @Nullable Throwable cause) {
      super(operation, code, requestId, cause);
    }
  }
}
