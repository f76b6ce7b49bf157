package io.logarchive.http;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Whom the work at hand is for: said by every log line of its thread. The entry point clears it
 * when the work is over. Ids and codes only, never what a customer wrote.
 */
public final class LogContext {
  private static final String REQUEST = "requestId";

  private LogContext() {}

  public static void request(String requestId) {
    MDC.put(REQUEST, requestId);
  }

  /** The request that the work at hand is for; null if it is for none. */
  public static @Nullable String requestId() {
    return MDC.get(REQUEST);
  }

  public static void account(int accountId) {
    MDC.put("accountId", Integer.toString(accountId));
  }

  public static void restore(int restoreId) {
    MDC.put("restoreId", Integer.toString(restoreId));
  }

  /**
   * @param template such as {@code /archive/restore/{id}}
   */
  static void route(String template) {
    MDC.put("route", template);
  }
}
